package dev.rszshm.benchmarks;

/** The works of the benchmark {@code list}: numbers are appended to an empty list, or read. */
final class ListWorks {
  static final String APPEND = "list-append";
  static final String GET = "list-get";

  private ListWorks() {}

  /** Finds a work; null if it is not one of these. */
  static LapWork find(String name, String target, LapMember member) {
    return switch (name) {
      case APPEND -> new Append(ListTarget.of(target), member.operations());
      case GET -> new Get(ListTarget.of(target), member.operations());
      default -> null;
    };
  }

  private static final class Append extends LapWork {
    private final ListTarget list;
    private final int operations;

    Append(ListTarget list, int operations) {
      this.list = list;
      this.operations = operations;
    }

    @Override
    void prepare(int lap) {
      list.renew();
    }

    @Override
    long lap() {
      for (int i = 0; i < operations; i++) {
        list.append(i * 0x9E37_79B9_7F4A_7C15L);
      }
      return operations;
    }

    @Override
    void finish() {
      if (list.get(operations - 1) != (operations - 1) * 0x9E37_79B9_7F4A_7C15L) {
        throw new IllegalStateException("the last number is not the one that was appended last");
      }
    }
  }

  private static final class Get extends LapWork {
    private final ListTarget list;
    private final int operations;

    Get(ListTarget list, int operations) {
      this.list = list;
      this.operations = operations;
      list.renew();
      for (int i = 0; i < operations; i++) {
        list.append(i);
      }
    }

    @Override
    long lap() {
      long sum = 0;
      for (int i = 0; i < operations; i++) {
        sum += list.get(i);
      }
      if (sum != (long) operations * (operations - 1) / 2) {
        throw new IllegalStateException("found the sum " + sum);
      }
      return operations;
    }
  }
}
