package dev.rszshm.tests.stress;

import org.openjdk.jcstress.annotations.State;

/**
 * The addresses of two shared words, both zero at first. In one half of all states they are
 * neighbours in one cache line, in the other half each has a line of its own.
 */
@State
public class Words {
  private static final int NEIGHBOUR = 8;
  private static final int OTHER_LINE = 64;

  public final long x;
  public final long y;

  public Words() {
    int number = SlotRing.next();
    x = SlotRing.zeroed(number);
    y = x + ((number & 1) == 0 ? NEIGHBOUR : OTHER_LINE);
  }
}
