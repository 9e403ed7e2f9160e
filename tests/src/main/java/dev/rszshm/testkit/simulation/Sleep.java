package dev.rszshm.testkit.simulation;

/**
 * What a sleeping process waits for.
 *
 * @param file the file of the word it sleeps on; null for a mere pause
 * @param offset offset of that word
 * @param until when it wakes up by itself, on the simulated clock
 */
record Sleep(SimulatedFile file, long offset, long until) {
  boolean isOn(SimulatedFile other, long otherOffset) {
    return file == other && file != null && offset == otherOffset;
  }
}
