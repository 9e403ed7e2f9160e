package dev.rszshm.heap.internal.watch;

/** What takes time and is reported with it. */
public enum ReportKind {
  GROWTH,
  RECOVERY,
  WAIT,
  ALLOCATION,
  OWNER_DEATH
}
