package dev.rszshm.structures.internal.ring;

/** Something that can be done, or not yet. */
@FunctionalInterface
public interface Attempt {
  /** Does it if it can be done now. */
  Outcome make();
}
