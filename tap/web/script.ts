/**
 * SHA-256 (FIPS 180-4) for a Web Worker. A browser's own gives no answer at once, and none on a page without TLS. The
 * state after the whole blocks of the challenge is kept, so that each try takes one block.
 */
export const SOLVER = `
const primes = [];
for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
const word = (x) => ((x - Math.floor(x)) * 4294967296) | 0;
const START = primes.slice(0, 8).map((p) => word(Math.sqrt(p)));
const K = Int32Array.from(primes.map((p) => word(Math.cbrt(p))));
const W = new Int32Array(64);
const turned = (x, n) => (x >>> n) | (x << (32 - n));
function block(state, bytes, from) {
  for (let i = 0; i < 16; i++) {
    const at = from + i * 4;
    W[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  }
  for (let i = 16; i < 64; i++) {
    const a = W[i - 15], b = W[i - 2];
    const s0 = turned(a, 7) ^ turned(a, 18) ^ (a >>> 3), s1 = turned(b, 17) ^ turned(b, 19) ^ (b >>> 10);
    W[i] = (W[i - 16] + s0 + W[i - 7] + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  return [a, b, c, d, e, f, g, h].map((x, i) => (x + state[i]) | 0);
}
const bytesOf = (text) => Uint8Array.from(text, (c) => c.charCodeAt(0));
function hasherOf(head) {
  const bytes = bytesOf(head);
  const whole = bytes.length - (bytes.length % 64);
  let kept = START;
  for (let at = 0; at < whole; at += 64) kept = block(kept, bytes, at);
  return (tail) => {
    const rest = [...bytes.subarray(whole), ...bytesOf(tail), 128];
    while (rest.length % 64 !== 56) rest.push(0);
    const bits = (bytes.length + tail.length) * 8;
    rest.push(0, 0, 0, 0, bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255);
    let state = kept;
    for (let at = 0; at < rest.length; at += 64) state = block(state, rest, at);
    return state;
  };
}
function solve(challenge, bits, told) {
  const hash = hasherOf(challenge + ":");
  for (let n = 0; ; n++) {
    const state = hash(String(n));
    let zeros = 0;
    for (const x of state) { zeros += Math.clz32(x); if (x !== 0) break; }
    if (zeros >= bits) return String(n);
    if (n % 50000 === 0) told(n);
  }
}
`;

/** What the worker does with {@link SOLVER}. */
const WORKER = `${SOLVER}
onmessage = ({ data }) => {
  postMessage({ proof: solve(data.challenge, data.bits, (tries) => postMessage({ tries })) });
};
`;

/** The page's script. It solves the challenge and then sends the form as the browser itself would. */
export const SCRIPT = `
const form = document.querySelector("form[data-bits]");
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { address, challenge, proof } = form.elements;
  const button = form.querySelector("button");
  const said = form.querySelector("[role=status]");
  if (button.disabled) return;
  button.disabled = true;
  said.textContent = "Computing a proof of work. Leave this page open.";
  try {
    const answer = await fetch("/api/challenge?address=" + encodeURIComponent(address.value.trim()));
    const asked = await answer.json();
    if (!answer.ok) return form.submit();
    const worker = new Worker(URL.createObjectURL(new Blob([${JSON.stringify(WORKER)}], { type: "text/javascript" })));
    const usual = 2 ** asked.bits;
    worker.onmessage = ({ data }) => {
      if (data.proof === undefined) {
        said.textContent = "Computing a proof of work: " + data.tries.toLocaleString("en") + " of usually " +
          usual.toLocaleString("en") + " tries. Leave this page open.";
        return;
      }
      challenge.value = asked.challenge;
      proof.value = data.proof;
      form.submit();
    };
    worker.postMessage(asked);
  } catch {
    said.textContent = "The tap does not answer. Try again in a minute.";
    button.disabled = false;
  }
});
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
`;
