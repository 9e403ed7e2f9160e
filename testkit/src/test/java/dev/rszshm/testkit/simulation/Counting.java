package dev.rszshm.testkit.simulation;

/** Processes whose every order leaves another history, so that the orders can be counted. */
final class Counting {
  private Counting() {}

  /** Process i takes so many steps, each of which reads and changes the one word there is. */
  static Simulation increments(int... steps) {
    return Simulation.ofWords(1)
        .scenario(
            s -> {
              for (int i = 0; i < steps.length; i++) {
                int number = steps[i];
                s.process("p" + i, p -> increment(p, number));
              }
            });
  }

  static void increment(SimulatedProcess process, int times) {
    for (int i = 0; i < times; i++) {
      process.memory().getAndAddLong(process.word(0), 1);
    }
  }

  /** The number of orders of two processes with so few preemptions, by trying them all. */
  static long orders(int a, int b, int preemptions) {
    return orders(a, b, 0, preemptions) + orders(a, b, 1, preemptions);
  }

  private static long orders(int a, int b, int running, int preemptions) {
    int left = running == 0 ? a : b;
    int other = running == 0 ? b : a;
    if (left == 0) {
      return 0;
    }
    return after(left - 1, other, preemptions);
  }

  private static long after(int left, int other, int preemptions) {
    if (left == 0 && other == 0) {
      return 1;
    }
    long goesOn = left > 0 ? after(left - 1, other, preemptions) : 0;
    int rest = left > 0 ? preemptions - 1 : preemptions;
    long switches = other > 0 && rest >= 0 ? after(other - 1, left, rest) : 0;
    return goesOn + switches;
  }
}
