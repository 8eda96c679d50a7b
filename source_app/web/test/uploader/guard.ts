/** Watches WebCrypto: how many calls are under way, and that no key and nonce ever meet two plaintexts. */

import { createHash } from "node:crypto";

type Method = (...args: never[]) => Promise<unknown>;

const METHODS = ["digest", "encrypt", "decrypt", "importKey", "deriveBits", "sign", "verify", "generateKey"] as const;

class Guard {
  underWay = 0;
  readonly violations: string[] = [];
  private readonly raw = new WeakMap<CryptoKey, string>();
  private readonly sealed = new Map<string, string>();

  /** Puts itself in front of WebCrypto, once. */
  watch(): void {
    const subtle = Object.getPrototypeOf(crypto.subtle) as Record<string, Method>;
    for (const name of METHODS) {
      const original = subtle[name] as Method;
      const watched = async (...args: never[]): Promise<unknown> => {
        if (name === "encrypt") this.note(...(args as unknown as [AesGcmParams, CryptoKey, Uint8Array]));
        this.underWay += 1;
        try {
          const result = await original.apply(crypto.subtle, args);
          if (name === "importKey") this.remember(result as CryptoKey, ...(args as unknown as [string, Uint8Array]));
          return result;
        } finally {
          this.underWay -= 1;
        }
      };
      Object.defineProperty(subtle, name, { value: watched });
    }
  }

  forget(): void {
    this.sealed.clear();
  }

  private remember(key: CryptoKey, format: string, data: Uint8Array): void {
    if (format === "raw" && key.algorithm.name === "AES-GCM") this.raw.set(key, digest(data));
  }

  private note({ iv, additionalData }: AesGcmParams, key: CryptoKey, plaintext: Uint8Array): void {
    const secret = this.raw.get(key);
    if (secret === undefined) this.violations.push("sealed with a key of unknown bytes");
    const under = `${secret} ${digest(iv as Uint8Array)}`;
    const what = `${digest(plaintext)} ${digest((additionalData as Uint8Array | undefined) ?? new Uint8Array())}`;
    const before = this.sealed.get(under);
    if (before !== undefined && before !== what) this.violations.push("two plaintexts under one key and nonce");
    this.sealed.set(under, what);
  }
}

function digest(data: Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

export const guard = new Guard();
guard.watch();
