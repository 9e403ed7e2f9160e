package dev.rszshm.testkit.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/*
 * What processes may see of one another's stores, when they do not say that order matters.
 *
 * Real processors and compilers let a load return an older value than the last one stored, as long as
 * no pair of release and acquire forbids it. So do we: for each word that was stored to since the
 * beginning there is the list of its values, and each process has a view, which says for each word how
 * far in that list it has got. (View-based semantics of release and acquire: Lahav, Giannarakis and
 * Vafeiadis 2016; Kang and others 2017, without promises.)
 *
 * Protocol
 * --------
 * 1 A store appends to the list. A release store (or a plain one behind a release fence) puts the view of
 *   its process with the value.
 * 2 A load may take any value from the process's view on; it never goes back. An acquire load (or a plain
 *   one before an acquire fence) joins the view that came with the value.
 * 3 A volatile access goes by an order that all agree on: it never takes a value older than the last
 *   volatile access of any process to that word did.
 * 4 An atomic change takes the last value, and hands on the view that came with it.
 * 5 System calls on a file happen in one order; each sees all that was known to the earlier ones. So does
 *   whoever learns of a death: what a dead process had stored is stored.
 *
 * Words of 8 bytes are the units: a store to a part of a word is a store of the word with that part
 * changed. What is left out: a load that returns what a later store of its own process makes others
 * store (load buffering), which neither the JIT for aligned accesses nor x86-64 produces.
 */
final class WeakMemory {
  /** A word of a file that was stored to. */
  static final class Word {
    private final List<Store> stores = new ArrayList<>();
    private int lastVolatile;

    private Word(long first) {
      stores.add(new Store(first, null, 0));
    }

    int last() {
      return stores.size() - 1;
    }
  }

  /**
   * A value that was stored.
   *
   * @param view what came with it, if anything
   */
  private record Store(long value, @Nullable View view, long id) {}

  private record Key(SimulatedFile file, long index) {}

  private final Map<Key, Word> words = new HashMap<>();
  private final View fullFences = new View();
  private long fingerprint;

  /** The word, if anybody stored to it. */
  private @Nullable Word wordAt(SimulatedFile file, long index) {
    return words.get(new Key(file, index));
  }

  /** How many values a load may choose from; 1 if there is no choice. */
  int choices(SimulatedProcess process, SimulatedFile file, long index, Order order) {
    Word word = wordAt(file, index);
    if (word == null) {
      return 1;
    }
    int least = process.view().of(word);
    if (order == Order.VOLATILE) {
      least = Math.max(least, word.lastVolatile);
    }
    return word.last() - least + 1;
  }

  /**
   * Loads a word.
   *
   * @param back how many stores to go back from the last one
   */
  long load(SimulatedProcess process, SimulatedFile file, long index, Order order, int back) {
    Word word = wordAt(file, index);
    if (word == null) {
      return file.word(index);
    }
    int number = word.last() - back;
    Store store = word.stores.get(number);
    process.view().raise(word, number);
    if (order.atLeast(Order.SYNCHRONIZED)) {
      process.view().join(store.view);
    } else {
      process.unacquired().join(store.view);
    }
    if (order == Order.VOLATILE) {
      word.lastVolatile = Math.max(word.lastVolatile, number);
    }
    process.note(store.id);
    return store.value;
  }

  /** Notes a store to a word whose value is put into the file as well. */
  void store(SimulatedProcess process, SimulatedFile file, long index, Order order, long value) {
    Word word = words.computeIfAbsent(new Key(file, index), k -> new Word(file.word(index)));
    append(process, word, index, order, value, null);
  }

  /** Notes an atomic change of a word, whose last value the process has just loaded. */
  void change(SimulatedProcess process, SimulatedFile file, long index, long value) {
    Word word = words.computeIfAbsent(new Key(file, index), k -> new Word(file.word(index)));
    View inherited = word.stores.get(word.last()).view;
    append(process, word, index, Order.VOLATILE, value, inherited);
  }

  /** Notes that a system call has changed the content of a file. */
  void rewritten(SimulatedProcess process, SimulatedFile file) {
    words.forEach(
        (key, word) -> {
          long now = key.index * Long.BYTES < file.length() ? file.word(key.index) : 0;
          if (key.file == file && word.stores.get(word.last()).value != now) {
            append(process, word, key.index, Order.VOLATILE, now, null);
          }
        });
  }

  private void append(
      SimulatedProcess process,
      Word word,
      long index,
      Order order,
      long value,
      @Nullable View inherited) {
    int number = word.last() + 1;
    process.view().raise(word, number);
    View view = null;
    if (order.atLeast(Order.SYNCHRONIZED)) {
      view = process.view().copy();
      view.join(inherited);
    } else if (process.released() != null) {
      view = process.released().copy();
      view.raise(word, number);
    }
    if (order == Order.VOLATILE) {
      word.lastVolatile = number;
    }
    long id = Hash.mix(process.fingerprint(), number);
    fingerprint ^= Hash.mix(Hash.mix(index, number), Hash.mix(id, order.name().hashCode()));
    word.stores.add(new Store(value, view, id));
  }

  void acquireFence(SimulatedProcess process) {
    process.view().join(process.unacquired());
  }

  void releaseFence(SimulatedProcess process) {
    process.release(process.view().copy());
  }

  void fullFence(SimulatedProcess process) {
    acquireFence(process);
    process.view().join(fullFences);
    fullFences.join(process.view());
    process.note(fullFences.history);
    fullFences.history = process.fingerprint();
    releaseFence(process);
  }

  /** Lets a process pass a full fence, then all others, and then itself once more. */
  void fenceEverywhere(SimulatedProcess process, List<SimulatedProcess> all) {
    fullFence(process);
    all.forEach(this::fullFence);
    fullFence(process);
  }

  /** Goes through the kernel, which lets everybody see what earlier callers knew. */
  void systemCall(SimulatedProcess process, SimulatedFile file) {
    process.view().join(file.kernelView);
    file.kernelView.join(process.view());
    process.note(file.kernelView.history);
    file.kernelView.history = process.fingerprint();
  }

  long fingerprint() {
    return fingerprint;
  }
}
