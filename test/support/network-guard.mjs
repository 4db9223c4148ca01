/**
 * Lets a process talk to this machine only. Loaded into every test process and, by NODE_OPTIONS, into every
 * Node that one of them starts; plain JavaScript, so that older Nodes can load it too.
 *
 * An attempt is refused with code ENETGUARD and written to the file that DAGGR_NETWORK_RECORD names, so that
 * code which swallows the error is found all the same.
 */
import dgram from "node:dgram";
import dns from "node:dns";
import { appendFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";

const installed = Symbol.for("daggr.network-guard");

/** @param {string | undefined | null} host */
function isLocal(host) {
  if (host === undefined || host === null || host === "") return true;
  const name = String(host)
    .toLowerCase()
    .replace(/^\[|\]$/g, "");
  if (name === "localhost" || name.endsWith(".localhost")) return true;
  if (name === "0.0.0.0" || name === "::" || name === "::1") return true;
  return /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(name);
}

/**
 * @param {string} what
 * @param {string} host
 */
function refuse(what, host) {
  const error = Object.assign(new Error(`A test must not leave this machine: ${what} ${host}`), {
    code: "ENETGUARD",
  });
  const file = process.env.DAGGR_NETWORK_RECORD;
  if (file !== undefined && file !== "") {
    const stack = (error.stack ?? "")
      .split("\n")
      .slice(2, 12)
      .map((line) => line.trim());
    try {
      appendFileSync(file, `${JSON.stringify({ what, host, argv: process.argv.slice(0, 4), stack })}\n`);
    } catch {
      // The refusal itself still stands.
    }
  }
  return error;
}

function guardSockets() {
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function (...args) {
    // net.connect() hands over its arguments already sorted, as one array.
    const first = Array.isArray(args[0]) ? args[0][0] : args[0];
    const host =
      typeof first === "object" && first !== null
        ? first.path === undefined
          ? first.host
          : undefined
        : typeof first === "string" && Number.isNaN(Number(first))
          ? undefined
          : typeof args[1] === "string"
            ? args[1]
            : undefined;
    if (isLocal(host)) return Reflect.apply(connect, this, args);
    const error = refuse("connect", host);
    process.nextTick(() => this.destroy(error));
    return this;
  };
  const send = dgram.Socket.prototype.send;
  dgram.Socket.prototype.send = function (...args) {
    const address = args.slice(1).find((arg) => typeof arg === "string");
    if (!isLocal(address)) throw refuse("datagram", address);
    return Reflect.apply(send, this, args);
  };
  const connectDatagram = dgram.Socket.prototype.connect;
  dgram.Socket.prototype.connect = function (...args) {
    if (typeof args[1] === "string" && !isLocal(args[1])) throw refuse("datagram", args[1]);
    return Reflect.apply(connectDatagram, this, args);
  };
}

/** @param {Record<string, any>} target */
function guardCallbackLookups(target) {
  for (const name of lookupNames(target)) {
    const original = target[name];
    target[name] = function (host, ...rest) {
      if (isLocal(host)) return Reflect.apply(original, this, [host, ...rest]);
      const callback = rest.at(-1);
      const error = refuse(`dns.${name}`, host);
      if (typeof callback !== "function") throw error;
      process.nextTick(callback, error);
      return undefined;
    };
  }
}

/** @param {Record<string, any>} target */
function guardPromisedLookups(target) {
  for (const name of lookupNames(target)) {
    const original = target[name];
    target[name] = function (host, ...rest) {
      if (isLocal(host)) return Reflect.apply(original, this, [host, ...rest]);
      return Promise.reject(refuse(`dns.${name}`, host));
    };
  }
}

/** @param {Record<string, any>} target */
function lookupNames(target) {
  return Object.getOwnPropertyNames(target).filter(
    (name) => /^(lookup|lookupService|resolve.*|reverse)$/.test(name) && typeof target[name] === "function",
  );
}

if (globalThis[installed] !== true) {
  globalThis[installed] = true;
  guardSockets();
  guardCallbackLookups(dns);
  guardCallbackLookups(dns.Resolver.prototype);
  guardPromisedLookups(dns.promises);
  guardPromisedLookups(dns.promises.Resolver.prototype);
  syncBuiltinESMExports();
}
