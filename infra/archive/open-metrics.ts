import { z } from "zod";
import { looseObject } from "../base/model/formats";

/** A number as Prometheus writes it (strconv.FormatFloat with `f`). */
const value = z.string().regex(/^(NaN|[+-]Inf|-?\d{1,400}(\.\d{1,400})?)$/, "a number of Prometheus");

const label = z.string().regex(/^[a-zA-Z_]\w*$/, "a label of Prometheus");

const Series = looseObject({
  metric: z.record(label, z.string("text")),
  /** Seconds since 1970, and the value then. */
  values: z.array(z.tuple([z.number("a time"), value])),
});

/** One series, as Prometheus answers a range query. */
export type Series = Readonly<z.infer<typeof Series>>;

/** The answer to a range query (prometheus.io, "HTTP API"). */
export const RangeAnswer = looseObject({
  data: looseObject({ resultType: z.literal("matrix", "matrix"), result: z.array(Series) }),
});

/** The line that ends a text in OpenMetrics. */
export const END = "# EOF\n";

/**
 * Series of one metric as OpenMetrics with timestamps (OpenMetrics 1.0, "Text Format"), one text for each, without the
 * line that ends all. The type is `unknown`: the names of other types must end as these do not.
 * @param added labels for each series that lacks them
 */
export function* openMetrics(
  metric: string,
  series: readonly Series[],
  added: Readonly<Record<string, string>>,
): Generator<string> {
  if (series.length > 0) yield `# TYPE ${metric} unknown\n`;
  for (const { metric: own, values } of series) {
    const { __name__, ...labels } = { ...added, ...own };
    const name = `${metric}{${Object.entries(labels)
      .map(([key, text]) => `${key}="${escaped(text)}"`)
      .join(",")}}`;
    yield values.map(([at, text]) => `${name} ${text} ${at}\n`).join("");
  }
}

const escaped = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
