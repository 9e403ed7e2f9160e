package dev.rszshm.heap;

/** Tells how a range of a heap will be used; see {@link Heap#advise}. */
public enum Advice {
  /** No special treatment. */
  NORMAL,
  /** Accesses come in random order: read nothing ahead. */
  RANDOM,
  /** Accesses come in order: read far ahead. */
  SEQUENTIAL,
  /** The range will be used soon. */
  WILL_NEED,
  /** Back the range with huge pages where that is possible. */
  HUGE_PAGES
}
