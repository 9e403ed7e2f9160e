package dev.rszshm.testkit.simulation;

import java.util.List;

/**
 * What a sleeping process waits for.
 *
 * @param words the words it sleeps on; none for a mere pause
 * @param until when it wakes up by itself, on the simulated clock
 */
record Sleep(List<Word> words, long until) {
  /** What a process has slept on that has never slept. */
  static final Sleep NONE = new Sleep(List.of(), 0);

  /**
   * A word of a file.
   *
   * @param offset where it begins
   */
  record Word(SimulatedFile file, long offset) {}

  long fingerprint() {
    long hash = until;
    for (Word word : words) {
      hash = Hash.mix(word.offset(), hash);
    }
    return hash;
  }

  boolean isOn(Word word) {
    return words.contains(word);
  }
}
