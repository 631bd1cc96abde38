/** A log in the form of go-spacemesh's JSON encoder: level, time, name, message, fields (go-spacemesh log/zap.go). */
export interface NodeLog {
  info(module: string, message: string, fields?: object): void;
  warn(message: string): void;
}

/** Characters of the identity that start every logger's name. */
const SHORT_IDENTITY = 5;

export function nodeLog(identity: string, write: (line: string) => void): NodeLog {
  const line = (level: string, module: string, message: string, fields: object = {}) =>
    write(
      JSON.stringify({
        L: level,
        T: new Date().toISOString(),
        N: `${identity.slice(0, SHORT_IDENTITY)}.${module}`,
        M: message,
        ...fields,
      }),
    );
  return {
    info: (module, message, fields) => line("INFO", module, message, fields),
    warn: (message) => line("WARN", "app", message),
  };
}
