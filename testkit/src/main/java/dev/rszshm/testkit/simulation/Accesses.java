package dev.rszshm.testkit.simulation;

import java.util.Locale;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The accesses of one simulated process, all kinds of them in the same form. Each access to a file
 * is a step; an access to memory of its own is not.
 *
 * <p>A bulk operation is a step for each word it touches, in ascending order, so that it can be cut
 * off between any two. (A real one may stop between any two bytes; what can tell the difference
 * reads torn words, which no protocol may.) {@link Bounds#bulkSteps} makes it fewer steps, of many
 * words each.
 */
final class Accesses {
  /** How the words of a load end that got an older value. */
  static final String OLDER = " older than the last)";

  private final SimulatedProcess owner;
  private final boolean ghost;

  /** Whether the accesses at hand are parts of one step, which is told of as a whole. */
  private boolean copying;

  /**
   * Prepares.
   *
   * @param ghost whether these accesses are none: no steps, and not part of what the process learns
   */
  Accesses(SimulatedProcess process, boolean ghost) {
    this.owner = process;
    this.ghost = ghost;
  }

  /** The thread that makes an access: the process itself, if it has no other. */
  private SimulatedProcess process() {
    return owner.actor();
  }

  long load(long address, int length, Order order) {
    requireAligned(address, length, order);
    if (straddles(address, length)) {
      return loadBytes(address, length);
    }
    AddressSpace.Mapping mapping = process().space().locate(address, length, false);
    if (mapping.file() == null) {
      return 0;
    }
    process().aim(address & -Long.BYTES, true);
    beforeLook(address);
    long value = loadNow(address, length, order);
    afterLook(address, value);
    return value;
  }

  /** Loads what lies in one word, within a step. */
  private long loadNow(long address, int length, Order order) {
    AddressSpace.Mapping mapping = process().space().locate(address, length, false);
    if (mapping.file() == null) {
      return 0;
    }
    long offset = mapping.offset(address);
    int back = olderBy(mapping.file(), offset >>> 3, order);
    long word = loadWord(mapping.file(), offset >>> 3, order, back);
    long value = extract(word, offset, length);
    note(value);
    if (isTraced() && !copying) {
      String older = back == 0 ? "" : " (a value " + back + OLDER;
      trace("load", order, mapping.file(), offset, length, " = " + show(value, length) + older);
    }
    return value;
  }

  /** By how many stores the value is older than the last one that the load gets. */
  private int olderBy(SimulatedFile file, long index, Order order) {
    WeakMemory weak = weakMemory();
    int choices = weak == null ? 1 : weak.choices(process(), file, index, order);
    return choices == 1
        ? 0
        : process().machine().director().choose(process(), Director.Choice.AGE, choices);
  }

  private long loadWord(SimulatedFile file, long index, Order order, int back) {
    WeakMemory weak = weakMemory();
    return weak == null ? file.word(index) : weak.load(process(), file, index, order, back);
  }

  private void beforeStep() {
    beforeLook(Director.NO_LOOK);
  }

  private void beforeLook(long place) {
    if (ghost) {
      process().requireOwnThread();
    } else {
      process().beforeLook(place);
    }
  }

  private void afterStep(boolean changed) {
    if (!ghost) {
      process().afterStep(changed);
    }
  }

  private void afterLook(long place, long found) {
    if (!ghost) {
      process().afterLook(place, found);
    }
  }

  private void note(long value) {
    if (!ghost) {
      process().note(value);
    }
  }

  /** Who is told of these accesses; null if nobody is. */
  private @Nullable Tracer tracer() {
    return ghost ? null : process().machine().tracer();
  }

  private boolean isTraced() {
    return tracer() != null;
  }

  /**
   * What the process may see; null where the last store is seen, as always by observers and ghosts.
   */
  private @Nullable WeakMemory weakMemory() {
    return ghost || process().isObserver() ? null : process().machine().weakMemory();
  }

  void store(long address, int length, Order order, long value) {
    requireAligned(address, length, order);
    if (straddles(address, length)) {
      storeBytes(address, length, value);
      return;
    }
    AddressSpace.Mapping mapping = process().space().locate(address, length, true);
    if (mapping.file() == null) {
      return;
    }
    process().aim(address & -Long.BYTES, false);
    beforeStep();
    storeNow(address, length, order, value);
    afterStep(true);
  }

  /** Stores to what lies in one word, within a step. */
  private void storeNow(long address, int length, Order order, long value) {
    AddressSpace.Mapping mapping = process().space().locate(address, length, true);
    SimulatedFile file = mapping.file();
    if (file == null) {
      return;
    }
    long offset = mapping.offset(address);
    long word = insert(file.word(offset >>> 3), offset, length, value);
    WeakMemory weak = weakMemory();
    if (weak != null) {
      weak.store(process(), file, offset >>> 3, order, word);
    }
    put(file, offset, length, order, word);
    note(value);
    if (isTraced() && !copying) {
      trace(
          "store",
          order,
          file,
          offset,
          length,
          " := " + show(extract(word, offset, length), length));
    }
  }

  /**
   * Changes a value atomically; returns what was there.
   *
   * @param change the new value for an old one, or null to leave it
   */
  long change(
      long address, int length, String name, LongFunction<? extends @Nullable Number> change) {
    requireAligned(address, length, Order.VOLATILE);
    AddressSpace.Mapping mapping = process().space().locate(address, length, true);
    if (mapping.file() == null) {
      return 0;
    }
    process().aim(address & -Long.BYTES, false);
    beforeLook(address);
    mapping = process().space().locate(address, length, true);
    SimulatedFile file = mapping.file();
    if (file == null) {
      afterLook(address, 0); // another thread has closed the heap meanwhile
      return 0;
    }
    long offset = mapping.offset(address);
    long index = offset >>> 3;
    WeakMemory weak = weakMemory();
    long word =
        weak == null ? file.word(index) : weak.load(process(), file, index, Order.VOLATILE, 0);
    long old = extract(word, offset, length);
    Number wanted = change.apply(old);
    note(old);
    if (wanted != null) {
      long changed = insert(word, offset, length, wanted.longValue());
      if (weak != null) {
        weak.change(process(), file, index, changed);
      }
      put(file, offset, length, Order.VOLATILE, changed);
    }
    if (isTraced()) {
      String effect = wanted == null ? ", left" : " := " + show(wanted.longValue(), length);
      String found = " = " + show(old, length);
      trace(name, Order.VOLATILE, file, offset, length, found + effect, wanted != null);
    }
    if (wanted == null) {
      afterLook(address, old);
    } else {
      afterStep(true);
    }
    return old;
  }

  private void put(SimulatedFile file, long offset, int length, Order order, long word) {
    StoreLog log = process().machine().log();
    if (log != null && !ghost) {
      log.store(file, offset >>> 3, mask(offset, length), word, order);
    }
    file.putWord(offset >>> 3, word);
  }

  void loadAll(long address, byte[] into, int from, int length) {
    copy(
        address,
        length,
        false,
        (at, done, part) -> {
          long value = loadNow(at, part, Order.PLAIN);
          for (int i = 0; i < part; i++) {
            into[from + done + i] = (byte) (value >>> (8 * i));
          }
        });
  }

  void storeAll(long address, byte[] values, int from, int length) {
    copy(
        address,
        length,
        true,
        (at, done, part) -> {
          long value = 0;
          for (int i = 0; i < part; i++) {
            value |= (values[from + done + i] & 0xffL) << (8 * i);
          }
          storeNow(at, part, Order.PLAIN, value);
        });
  }

  /** One access of a copy, of a part that lies in one word. */
  private interface PartAccess {
    void access(long address, int done, int length);
  }

  /** Goes through a range from its beginning to its end, in as many steps as there may be. */
  private void copy(long address, int length, boolean storing, PartAccess access) {
    int perStep = partsOfAStep(address, length);
    int done = 0;
    while (done < length) {
      int begin = done;
      SimulatedFile file =
          fileAt(address + done, partLength(address + done, length - done), storing);
      if (file != null) {
        beforeStep();
      }
      copying = perStep > 1;
      for (int parts = 0; parts < perStep && done < length; parts++) {
        int part = partLength(address + done, length - done);
        access.access(address + done, done, part);
        done += part;
      }
      copying = false;
      if (file != null) {
        endStepOfCopy(address + begin, done - begin, storing, perStep > 1);
      }
    }
  }

  private @Nullable SimulatedFile fileAt(long address, int length, boolean toWrite) {
    return process().space().locate(address, length, toWrite).file();
  }

  private void endStepOfCopy(long address, int length, boolean storing, boolean traced) {
    AddressSpace.Mapping mapping = process().space().locate(address, 1, false);
    Tracer tracer = tracer();
    if (traced && mapping.file() != null && tracer != null) {
      String where = process().machine().place(mapping.file(), mapping.offset(address));
      String what = (storing ? "copy to " : "copy from ") + length + " bytes at " + where;
      tracer.access(process(), what, where, storing);
    }
    if (storing) {
      afterStep(true);
    } else {
      afterLook(address, length);
    }
  }

  /** How many of its parts a copy has in one step. */
  private int partsOfAStep(long address, int length) {
    int parts = 0;
    for (int done = 0; done < length; ) {
      int part = partLength(address + done, length - done);
      int alike = part == 8 ? (length - done) / 8 : 1;
      parts += alike;
      done += alike * part;
    }
    int steps = process().machine().bulkSteps();
    return Math.max(1, parts / steps + (parts % steps == 0 ? 0 : 1));
  }

  /** The largest power of two that is left and fits the alignment. */
  private static int partLength(long address, int left) {
    int aligned = (int) Math.min(8, Long.lowestOneBit(address | 8));
    return Math.min(aligned, Integer.highestOneBit(left));
  }

  void fence(String name) {
    WeakMemory weak = weakMemory();
    beforeStep();
    if (weak != null) {
      switch (name) {
        case "acquireFence" -> weak.acquireFence(process());
        case "releaseFence" -> weak.releaseFence(process());
        default -> weak.fullFence(process());
      }
    }
    if (process().machine().log() != null && !ghost) {
      process().machine().log().fence(name);
    }
    note(1);
    Tracer tracer = tracer();
    if (tracer != null) {
      tracer.step(process(), name);
    }
    afterStep(false);
  }

  private static void requireAligned(long address, int length, Order order) {
    if (order != Order.PLAIN && (address & (length - 1)) != 0) {
      throw new AccessFault(
          String.format(
              Locale.ROOT,
              "an access of %d bytes at 0x%x is not aligned: only plain ones need not be",
              length,
              address));
    }
  }

  private static boolean straddles(long address, int length) {
    return (address & 7) + length > 8;
  }

  private long loadBytes(long address, int length) {
    long value = 0;
    for (int i = 0; i < length; i++) {
      value |= (load(address + i, 1, Order.PLAIN) & 0xff) << (8 * i);
    }
    return value;
  }

  private void storeBytes(long address, int length, long value) {
    for (int i = 0; i < length; i++) {
      store(address + i, 1, Order.PLAIN, value >>> (8 * i));
    }
  }

  /** Sign-extended, as the caller casts it anyway. */
  private static long extract(long word, long offset, int length) {
    int shift = (int) (offset & 7) << 3;
    int unused = 64 - 8 * length;
    return word >>> shift << unused >> unused;
  }

  private static long insert(long word, long offset, int length, long value) {
    long mask = mask(offset, length);
    return (word & ~mask) | ((value << ((offset & 7) << 3)) & mask);
  }

  /** The bits of a word that an access touches. */
  private static long mask(long offset, int length) {
    return (length == 8 ? -1L : (1L << (8 * length)) - 1) << ((offset & 7) << 3);
  }

  private static String show(long value, int length) {
    return "0x" + Long.toHexString(length == 8 ? value : value & (1L << (8 * length)) - 1);
  }

  private void trace(
      String name, Order order, SimulatedFile file, long offset, int length, String effect) {
    trace(name, order, file, offset, length, effect, name.equals("store"));
  }

  private void trace(
      String name,
      Order order,
      SimulatedFile file,
      long offset,
      int length,
      String effect,
      boolean changes) {
    Tracer tracer = tracer();
    if (tracer == null) {
      return;
    }
    String kind =
        switch (order) {
          case PLAIN -> "plain ";
          case OPAQUE -> "opaque ";
          case SYNCHRONIZED -> name.equals("load") ? "acquire " : "release ";
          case VOLATILE -> name.equals("load") || name.equals("store") ? "volatile " : "";
        };
    String where = process().machine().place(file, offset);
    String what = kind + name + " " + 8 * length + " bits at " + where + effect;
    tracer.access(process(), what, where, changes);
  }
}
