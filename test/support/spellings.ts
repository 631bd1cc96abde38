/** A path in ways of writing that a proxy might pass on and the program behind it might understand, each once. */
export function spellingsOf(path: string, declared: string): readonly string[] {
  const first = path.charAt(1);
  const last = path.lastIndexOf("/");
  const code = (text: string) => `%${text.charCodeAt(0).toString(16)}`;
  const all = [
    path,
    path.toUpperCase(),
    path.toLowerCase(),
    path.replace(/[a-z](?=[^a-z]*$)/, (letter) => letter.toUpperCase()),
    `/${path}`,
    `//${path}`,
    `${path.slice(0, last)}/${path.slice(last)}`,
    `/.${path}`,
    `${path.slice(0, last)}/.${path.slice(last)}`,
    `/x/..${path}`,
    `${declared}/..${path}`,
    `${declared}/../../..${path}`,
    `${declared}/%2e%2e/%2e%2e/%2e%2e${path}`,
    `${declared}/..%2f..%2f..%2f${path.slice(1)}`,
    `${declared}\\..\\..${path}`,
    `${declared};${path}`,
    `${declared}%3f/../..${path}`,
    `/%2e${path}`,
    `${path}/`,
    `${path}/.`,
    `${path}//`,
    `${path}:`,
    `${path}:call`,
    `${path};a=b`,
    `${path}%20`,
    `${path}%00`,
    `${path}%2f`,
    `${path}%3a`,
    `${path}%3b`,
    `${path}.`,
    `${path}\\`,
    `/${code(first)}${path.slice(2)}`,
    `/${code(first).toUpperCase()}${path.slice(2)}`,
    `/%25${code(first).slice(1)}${path.slice(2)}`,
    `${path.slice(0, last)}%2f${path.slice(last + 1)}`,
    `${path.slice(0, last)}\\${path.slice(last + 1)}`,
    `http://localhost${path}`,
    `${path.slice(1)}`,
    `${path}?a=${encodeURIComponent(declared)}`,
  ];
  return [...new Set(all)];
}
