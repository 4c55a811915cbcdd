// The exit statuses, and no others (a tool's own status in `shell` apart).

export const status = {
  /** It holds. */
  holds: 0,
  /** It was evaluated and does not hold. */
  fails: 1,
  /** The input or the usage is wrong; nothing was printed on standard output. */
  wrong: 2,
  /** A defect of ours. */
  defect: 70,
} as const;
