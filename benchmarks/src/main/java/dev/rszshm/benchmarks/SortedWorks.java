package dev.rszshm.benchmarks;

import java.io.IOException;
import java.util.SplittableRandom;

/** The works of the benchmark {@code sorted}, on a million entries at most. */
final class SortedWorks {
  static final int ENTRIES = 1_000_000;
  static final int SCAN = 100;
  private static final int VALUE = 64;

  /** Entries for each operation of a lap, if that makes less than a million. */
  private static final int FEWEST = 50;

  /** A prime: numbers that are so far apart are all the numbers, in no order. */
  private static final int APART = 382_693;

  private SortedWorks() {}

  /** Finds a work; null if it is not one of these. */
  static LapWork find(String name, String target, LapMember member) throws IOException {
    return switch (name) {
      case "sorted-get" -> new Get(target, member);
      case "sorted-scan" -> new Scan(target, member);
      default -> null;
    };
  }

  /** A map with all numbers, put in no order, and keys in no order. */
  private abstract static class OnFull extends LapWork {
    final SortedTarget map;
    private final SplittableRandom random = new SplittableRandom(1);
    private final int operations;
    private final long[] keys;
    private final int entries;

    OnFull(String target, LapMember member) throws IOException {
      operations = member.operations();
      entries = (int) Math.min(ENTRIES, operations * (long) FEWEST);
      map = SortedTarget.of(target);
      keys = new long[operations];
      byte[] value = new byte[VALUE];
      for (long i = 0; i < entries; i++) {
        map.put(i * APART % entries, value);
      }
      map.commit();
    }

    @Override
    void prepare(int lap) {
      for (int i = 0; i < keys.length; i++) {
        keys[i] = random.nextInt(entries - SCAN);
      }
    }

    @Override
    long lap() {
      for (long key : keys) {
        operate(key);
      }
      return operations;
    }

    abstract void operate(long key);
  }

  private static final class Get extends OnFull {
    Get(String target, LapMember member) throws IOException {
      super(target, member);
    }

    @Override
    void operate(long key) {
      if (map.get(key) != VALUE) {
        throw new IllegalStateException("a value has another length than it was put with");
      }
    }
  }

  private static final class Scan extends OnFull {
    Scan(String target, LapMember member) throws IOException {
      super(target, member);
    }

    @Override
    void operate(long key) {
      long sum = SCAN * (key + VALUE) + SCAN * (SCAN - 1) / 2;
      if (map.scan(key, SCAN) != sum) {
        throw new IllegalStateException("not the hundred entries from " + key + " on");
      }
    }
  }
}
