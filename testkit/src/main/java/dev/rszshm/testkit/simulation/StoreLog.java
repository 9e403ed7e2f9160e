package dev.rszshm.testkit.simulation;

import java.util.ArrayList;
import java.util.List;

/*
 * The stores of a process that its death might lose.
 *
 * A process that is killed leaves every store that was carried out. But the compiler and the processor
 * may carry out plain and opaque stores later than the program says, or a later one first. So a death
 * leaves the stores up to the last point that nothing may cross, and of those behind it any set in which
 *  1 a release store (or one behind a release fence) is there only with all that come before it;
 *  2 of two stores to the same place the earlier one is not there without the later one having been
 *    carried out after it, which nobody can tell: so they simply happen in order.
 * Nothing crosses a volatile store, an atomic change, a full fence or a system call.
 */
final class StoreLog {
  private record Entry(
      SimulatedFile file, long index, long mask, long before, long after, boolean releases) {}

  private static final int LARGEST_SET = 6;

  /** So many of the last stores may be lost: a set of them is a long, and none has all its bits. */
  private static final int MOST = Long.SIZE - 1;

  private final List<Entry> open = new ArrayList<>();
  private boolean released;

  /** Notes a store before it is carried out. */
  void store(SimulatedFile file, long index, long mask, long word, Order order) {
    if (order == Order.VOLATILE) {
      systemCall();
      return;
    }
    boolean releases = released || order == Order.SYNCHRONIZED;
    if (open.size() == MOST) {
      open.remove(0); // happened for certain
    }
    open.add(new Entry(file, index, mask, file.word(index), word, releases));
  }

  void fence(String name) {
    if (name.equals("fullFence")) {
      systemCall();
    } else if (name.equals("releaseFence")) {
      released = true;
    }
  }

  /** Nothing that came before can be lost any more. */
  void systemCall() {
    open.clear();
    released = false;
  }

  /** How many of the last stores may have happened in another order. */
  int size() {
    return open.size();
  }

  /**
   * The sets of stores that a death may have left out; a bit for each store, the first has the
   * lowest bit. Without those that leave what an earlier death leaves. Of many stores only the last
   * ones vary freely; of the others one is left out.
   */
  List<Long> losses() {
    List<Long> found = new ArrayList<>();
    int size = open.size();
    int free = Math.min(size, LARGEST_SET);
    for (long set = 1; set < 1L << free; set++) {
      add(found, set << (size - free));
    }
    for (int single = 0; single < size - free; single++) {
      add(found, 1L << single);
    }
    return found;
  }

  private void add(List<Long> found, long set) {
    boolean isEarlierDeath = Long.bitCount(set) == open.size() - Long.numberOfTrailingZeros(set);
    if (!isEarlierDeath && changesAll(set) && isPossible(set)) {
      found.add(set);
    }
  }

  /** A store of what is there already cannot be lost, unless it is one of several to its word. */
  private boolean changesAll(long set) {
    for (long rest = set; rest != 0; rest &= rest - 1) {
      Entry entry = open.get(Long.numberOfTrailingZeros(rest));
      if (((entry.before ^ entry.after) & entry.mask) == 0 && isOnlyOneOfItsWord(entry)) {
        return false;
      }
    }
    return true;
  }

  private boolean isOnlyOneOfItsWord(Entry entry) {
    return open.stream().filter(e -> e.file == entry.file && e.index == entry.index).count() == 1;
  }

  private boolean isPossible(long set) {
    for (int i = Long.numberOfTrailingZeros(set) + 1; i < open.size(); i++) {
      if (open.get(i).releases && (set >>> i & 1) == 0) {
        return false;
      }
    }
    return true;
  }

  /** Makes the files what they are without a set of stores. */
  void lose(long set) {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).file.putWord(open.get(i).index, open.get(i).before);
    }
    for (int i = 0; i < open.size(); i++) {
      if ((set >>> i & 1) == 0) {
        Entry entry = open.get(i);
        long word = entry.file.word(entry.index);
        entry.file.putWord(entry.index, (word & ~entry.mask) | (entry.after & entry.mask));
      }
    }
  }
}
