/** A log in the form of go-spacemesh 1.8 (go.uber.org/zap, development encoder): level, time, name, message, fields. */
export interface NodeLog {
  /** @param module name of the part, e.g. `sync`; empty for the node itself */
  info(module: string, message: string, fields?: object): void;
  warn(module: string, message: string, fields?: object): void;
  error(module: string, message: string, fields?: object): void;
  /** Before the node ends. */
  fatal(module: string, message: string, fields?: object): void;
}

/** @param asJson whether `logging.log-encoder` is `json`; the console's form is separated by tabs */
export function nodeLog(asJson: boolean, write: (line: string) => void): NodeLog {
  const line =
    (level: string) =>
    (module: string, message: string, fields: object = {}) => {
      const name = module === "" ? "node" : `node.${module}`;
      const time = new Date().toISOString();
      if (asJson) return write(JSON.stringify({ L: level, T: time, N: name, M: message, ...fields }));
      const rest = Object.keys(fields).length > 0 ? [JSON.stringify(fields)] : [];
      return write([time, level, name, message, ...rest].join("\t"));
    };
  return { info: line("INFO"), warn: line("WARN"), error: line("ERROR"), fatal: line("FATAL") };
}
