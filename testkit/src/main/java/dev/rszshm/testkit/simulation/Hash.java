package dev.rszshm.testkit.simulation;

/**
 * Mixes numbers into a fingerprint of 64 bits: the finaliser of SplitMix64 (Steele et al. 2014).
 */
final class Hash {
  private Hash() {}

  static long mix(long hash, long value) {
    long z = hash * 0x9e3779b97f4a7c15L + value + 0x632be59bd9b4e019L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
