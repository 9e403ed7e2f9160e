package dev.rszshm.benchmarks;

import java.io.IOException;
import java.util.SplittableRandom;

/**
 * The core workloads A, B, C and D of YCSB (Cooper and others, 2010), on one map that all members
 * share: records of 1000 bytes under numbers, chosen by a Zipfian distribution.
 */
final class YcsbWorks {
  static final int RECORDS = 100_000;
  private static final int VALUE = 1000;

  /** A map may become so many times as large by inserts. */
  private static final int GROWTH = 4;

  private static final String PREFIX = "ycsb-";

  private YcsbWorks() {}

  /** Finds a work; null if it is not one of these. */
  static LapWork find(String name, String target, LapMember member) throws IOException {
    return switch (name) {
      case PREFIX + "a" -> new Chosen(target, member, 50);
      case PREFIX + "b" -> new Chosen(target, member, 5);
      case PREFIX + "c" -> new Chosen(target, member, 0);
      case PREFIX + "d" -> new Latest(target, member);
      default -> null;
    };
  }

  /** Keys that are apart. */
  private static long key(long number) {
    return number * 0x9E37_79B9_7F4A_7C15L;
  }

  /** A map that the first member fills, and what is done with it in a lap. */
  private abstract static class OnRecords extends LapWork {
    final LapMember member;
    final int records;
    final Zipfian zipfian;
    final SplittableRandom random;
    private final YcsbTarget map;
    private final byte[] value = new byte[VALUE];

    /** The keys of a lap, and which of them are written. */
    final long[] keys;

    final boolean[] writes;

    OnRecords(String target, LapMember member) throws IOException {
      this.member = member;
      this.records = Math.min(RECORDS, member.operations() * 2);
      this.zipfian = new Zipfian(records, member.number());
      this.random = new SplittableRandom(member.number());
      this.keys = new long[member.operations()];
      this.writes = new boolean[member.operations()];
      this.map = YcsbTarget.of(target, member.directory(), records * GROWTH, VALUE);
      for (int i = 0; member.number() == 0 && i < records; i++) {
        map.put(key(i), value);
      }
    }

    @Override
    long lap() {
      for (int i = 0; i < keys.length; i++) {
        if (writes[i]) {
          value[0]++;
          map.put(keys[i], value);
        } else if (map.get(keys[i], value) != VALUE) {
          throw new IllegalStateException("there is no record " + keys[i] + " of 1000 bytes");
        }
      }
      return keys.length;
    }
  }

  /** Reads, and updates of so many in a hundred. */
  private static final class Chosen extends OnRecords {
    private final int updates;

    Chosen(String target, LapMember member, int updates) throws IOException {
      super(target, member);
      this.updates = updates;
    }

    @Override
    void prepare(int lap) {
      for (int i = 0; i < keys.length; i++) {
        // Those that come often are anywhere.
        keys[i] = key(Math.floorMod(key(zipfian.next()) >>> 16, records));
        writes[i] = random.nextInt(100) < updates;
      }
    }
  }

  /** Reads of what was inserted last, and inserts of 5 in a hundred; each member has its own. */
  private static final class Latest extends OnRecords {
    private static final int INSERTS = 5;
    private static final long APART = 1L << 40;
    private long inserted;

    Latest(String target, LapMember member) throws IOException {
      super(target, member);
    }

    @Override
    void prepare(int lap) {
      for (int i = 0; i < keys.length; i++) {
        writes[i] = random.nextInt(100) < INSERTS && inserted < records;
        if (writes[i]) {
          keys[i] = key(own(inserted++));
        } else {
          long back = zipfian.next();
          keys[i] = key(back < inserted ? own(inserted - 1 - back) : records - 1 - back + inserted);
        }
      }
    }

    private long own(long number) {
      return (member.number() + 1) * APART + number;
    }
  }
}
