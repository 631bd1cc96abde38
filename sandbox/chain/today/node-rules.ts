/**
 * The reason for which the node refuses the numbers of its config, in its own words; undefined when it takes them.
 * @param config the parsed config file
 * @param flags the command line without the program's name
 */
export function nodeRefusal(_config: unknown, _flags: readonly string[]): string | undefined {
  return undefined;
}
