/** One verb of the `busguard` command line. Results go to stdout as JSON Lines, diagnostics to stderr. */
export interface Verb {
  /** One line for the list of verbs. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly help: string;
  /** Resolves to the exit code: 0 only if everything asked for was done. */
  run(args: string[]): Promise<number>;
}
