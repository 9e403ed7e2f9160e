package dev.rszshm.benchmarks;

import dev.rszshm.heap.Heap;

/** Claims and stores bytes until all are stored. */
final class ClaimWork extends LapWork {
  private static final int PAGE = 4096;

  private final Heap heap;
  private final ClaimLayout layout;
  private final ClaimSetting setting;
  private final ClaimLoop loop;
  private final int number;
  private long stored;

  ClaimWork(Heap heap, ClaimLayout layout, ClaimSetting setting, int number) {
    this.heap = heap;
    this.layout = layout;
    this.setting = setting;
    this.loop = ClaimLoop.ofWidth(setting.width());
    this.number = number;
    touchEveryPage();
  }

  private void touchEveryPage() {
    for (long offset = layout.first; offset < layout.first + setting.bytes(); offset += PAGE) {
      heap.getAndBitwiseOrInt(offset, 0);
    }
  }

  static byte letter(int number) {
    return (byte) ('A' + number);
  }

  @Override
  long lap() {
    stored = loop.fill(heap, layout, setting.bytes(), setting.claim(), letter(number));
    return stored;
  }

  /** How many bytes this member has stored. */
  @Override
  long[] findings() {
    return new long[] {stored};
  }
}
