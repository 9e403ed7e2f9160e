package dev.rszshm.benchmarks;

import java.io.IOException;
import java.util.SplittableRandom;

/** The works of the benchmark {@code map}, on a million entries. */
final class MapWorks {
  static final int ENTRIES = 1_000_000;
  static final int VALUE = 64;

  /** Bytes of an update that has another length than what is there. */
  private static final int OTHER = 80;

  private MapWorks() {}

  /** Finds a work; null if it is not one of these. */
  static LapWork find(String name, String target, LapMember member) throws IOException {
    return switch (name) {
      case "map-get" -> new Get(target, member);
      case "map-update" -> new Update(target, member, VALUE);
      case "map-update-length" -> new Update(target, member, OTHER);
      case "map-insert" -> new Insert(target, member);
      default -> null;
    };
  }

  /** Keys that are apart. */
  private static long key(long number) {
    return number * 0x9E37_79B9_7F4A_7C15L;
  }

  /** A map that is full, and keys in no order. */
  private abstract static class OnFull extends LapWork {
    final MapTarget map;
    final int operations;
    final byte[] value = new byte[VALUE];
    private final SplittableRandom random = new SplittableRandom(1);
    private final long[] keys;
    private final int entries;

    OnFull(String target, LapMember member) throws IOException {
      operations = member.operations();
      entries = Math.min(ENTRIES, operations * 2);
      map = MapTarget.of(target, entries, VALUE);
      keys = new long[operations];
      for (int i = 0; i < entries; i++) {
        map.put(key(i), value);
      }
    }

    @Override
    void prepare(int lap) {
      for (int i = 0; i < keys.length; i++) {
        keys[i] = key(random.nextInt(entries));
      }
    }

    @Override
    long lap() {
      for (long key : keys) {
        operate(key);
      }
      return operations;
    }

    @Override
    long[] findings() {
      return new long[] {map.bytes() / entries};
    }

    abstract void operate(long key);
  }

  private static final class Get extends OnFull {
    Get(String target, LapMember member) throws IOException {
      super(target, member);
    }

    @Override
    void operate(long key) {
      if (map.get(key, value) != VALUE) {
        throw new IllegalStateException("a value has another length than it was put with");
      }
    }
  }

  private static final class Update extends OnFull {
    private final byte[][] values;
    private int turn;

    Update(String target, LapMember member, int otherLength) throws IOException {
      super(target, member);
      values = new byte[][] {new byte[VALUE], new byte[otherLength]};
    }

    @Override
    void operate(long key) {
      map.put(key, values[turn++ & 1]);
    }
  }

  /** Fills an empty map. */
  private static final class Insert extends LapWork {
    private final String target;
    private final int operations;
    private final byte[] value = new byte[VALUE];
    private MapTarget map;

    Insert(String target, LapMember member) {
      this.target = target;
      this.operations = member.operations();
    }

    @Override
    void prepare(int lap) {
      try {
        map = MapTarget.of(target, operations, VALUE);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    @Override
    long lap() {
      for (int i = 0; i < operations; i++) {
        map.put(key(i), value);
      }
      return operations;
    }

    @Override
    void finish() {
      map.close();
    }
  }
}
