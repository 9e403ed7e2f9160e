package dev.rszshm.structures.counters;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.CodecFormat;
import dev.rszshm.structures.internal.codec.FormatWord;
import dev.rszshm.structures.internal.codec.StoredBytes;
import dev.rszshm.structures.internal.codec.StructureCodec;
import dev.rszshm.structures.internal.codec.StructureName;
import dev.rszshm.structures.internal.process.NamedPlace;
import dev.rszshm.structures.internal.process.Presence;
import dev.rszshm.structures.internal.segment.Founding;
import dev.rszshm.structures.internal.trie.KeyTrie;
import dev.rszshm.structures.internal.trie.NodeLayout;
import dev.rszshm.structures.internal.trie.TrieChecking;
import dev.rszshm.structures.internal.trie.TrieWalk;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;

/**
 * Counters by key in a shared heap, for any number of processes.
 *
 * <pre>{@code
 * CounterMap<String> words = CounterMap.named(allocator, "words", Codecs.strings());
 * words.add("heap", 1);
 * // in any other process
 * long times = words.get("heap");
 * for (CounterMap.Count<String> count : words.top(10)) {
 *   System.out.println(count.count() + " " + count.key());
 * }
 * }</pre>
 *
 * <p>Keys are made of bytes by a codec, and are equal if their bytes are; none is null. Every key
 * has a count, which is 0 at first, and a key is there while its count is not 0, as an element of a
 * multiset is. Counts are {@code long} numbers, which overflow as those of Java do. The methods for
 * parts of arrays, such as {@link #add(byte[], int, int, long)}, make no garbage where the key was
 * there before.
 *
 * <p><b>Removing a key</b> sets its count to 0, and returns what it was, at one instant. What
 * others add to the key is before that instant, and is part of what is returned, or behind it, and
 * begins with 0: nothing is lost, and nothing is counted twice. The memory of the key stays with
 * it, and is used again if the key comes back: nobody who adds says where they are, so that nobody
 * can know whether somebody stands still right before an addition to it. {@link #remove(Allocator,
 * String)}, which removes the whole map, gives all memory back.
 *
 * <p><b>Nobody waits</b> for anybody: any number of threads of any number of processes add at once,
 * and a process that is stopped or killed delays none. To add to a key that is there is one atomic
 * instruction, in place and in volatile order. {@link #sum}, {@link #top} and iteration see each
 * key that is there all the time once, with the count that it has at some moment meanwhile.
 *
 * <p><b>If a process dies</b> in {@code add}, {@code set} or {@code remove}, that was done or it
 * was not; never in part, and never twice. In {@code clear}, some of the keys were removed. No
 * memory is lost. A process that is to add something exactly once across its death has to know
 * whether it has, for which it needs a word of its own.
 *
 * <p>A key takes 56 bytes besides its own, rounded up by the allocator.
 *
 * <p>All methods may be called by any thread at any time. They throw {@link IllegalStateException}
 * if the heap is closed, {@link dev.rszshm.structures.errors.StructureRemovedException} once
 * somebody has removed the map, {@link dev.rszshm.allocator.errors.OutOfHeapMemoryException} if
 * there is no room for a new key, with nothing changed, and {@link
 * dev.rszshm.heap.errors.DamagedHeapException} if somebody has written where they should not. With
 * a heap that is attached for reading only, counts can be read.
 *
 * @param <K> the keys
 */
/*
 * Layout
 * ------
 * CounterLayout: a trie of keys (KeyTrie), each of whose nodes has a count.
 *
 * Protocol
 * --------
 * add: 1 find the node of the key. It is there: 2 add to its count, by one instruction. Nodes stay where they are, and are not
 * freed as long as the map is used, so that nothing can happen to it in between.
 * It is not: 3 allocate a node, with the key and the number as its count, into the word at the end of the key's path
 * (Allocator.allocateInto), so that key and count appear together. Somebody was faster: from 1.
 *
 * set: as add, but step 2 exchanges the count, by one instruction, too.
 * remove: 1, and if the node is there, 2 exchanges the count for 0. clear: that for each node.
 * A key is there if its count is not 0: all that is to be known of a key is in one word, and each change of it is one
 * instruction. Its node stays: between 1 and 2 an adder may stand still for any time, and has written nothing by which another one
 * would know. Whoever freed the node would let it add to a word that is somebody else's.
 *
 * If a process dies here
 * ----------------------
 * 1 changes nothing. 2 is one instruction. 3 happens once or not at all.
 */
public final class CounterMap<K> implements Iterable<CounterMap.Count<K>> {
  /** The type of a root that is a counter map. */
  public static final long ROOT_TYPE = CounterLayout.MAGIC_VALUE;

  /** The bytes that a counter map takes at its place; keys are elsewhere. */
  public static final int LENGTH = CounterLayout.LENGTH;

  /**
   * A key and its count at some moment.
   *
   * @param <K> the keys
   */
  public record Count<K>(K key, long count) {}

  private final Allocator allocator;
  private final Heap heap;
  private final long at;
  private final StructureCodec<K> codec;
  private final KeyTrie trie;
  private final Presence presence;

  private CounterMap(Allocator allocator, long at, StructureCodec<K> codec) {
    this.allocator = allocator;
    this.heap = allocator.heap();
    this.at = at;
    this.codec = codec;
    this.trie = new KeyTrie(allocator, at + CounterLayout.TRIE, found(heap, at, codec));
    this.presence = new Presence(heap, at, CounterLayout.MAGIC_VALUE, this);
  }

  private static long found(Heap heap, long at, StructureCodec<?> codec) {
    long seed =
        Founding.findOrMake(
            heap,
            at,
            CounterLayout.LENGTH,
            CounterLayout.MAGIC_VALUE,
            CounterLayout.CURRENT_VERSION,
            "counter map",
            codec::claim);
    codec.require();
    return seed;
  }

  private static <K> StructureCodec<K> codec(Allocator allocator, long offset, Codec<K> codec) {
    return new StructureCodec<>(
        allocator.heap(),
        offset + CounterLayout.FORMAT,
        codec,
        StructureCodec.Use.KEYS,
        name(allocator, offset));
  }

  private static StoredBytes storedBytes(Allocator allocator, long offset) {
    return StoredBytes.at(allocator.heap(), offset + CounterLayout.FORMAT);
  }

  private static StructureName name(Allocator allocator, long offset) {
    return new StructureName("counter map", allocator.heap(), offset, allocator);
  }

  /**
   * Finds the counter map of a name, or makes it, as a root of an allocator. Any number of
   * processes may do that at once.
   *
   * @throws dev.rszshm.structures.errors.CodecMismatchException if it was made with another codec,
   *     or another version of it
   * @throws dev.rszshm.allocator.errors.RootMismatchException if the name stands for something else
   * @throws dev.rszshm.allocator.errors.OutOfHeapMemoryException if there is no room
   */
  public static <K> CounterMap<K> named(Allocator allocator, String name, Codec<K> codec) {
    return at(allocator, place(allocator, name), codec);
  }

  private static long place(Allocator allocator, String name) {
    return allocator.place(
        name,
        CounterLayout.MAGIC_VALUE,
        CounterLayout.CURRENT_VERSION,
        CounterLayout.LENGTH,
        CounterLayout.ALIGNMENT);
  }

  /**
   * Finds the counter map of a name. Makes nothing, so that a heap that is attached for reading
   * only will do.
   *
   * @return the counter map; empty if there is no root of this name yet, or it is none
   * @throws dev.rszshm.heap.errors.DamagedHeapException if it is damaged
   * @throws dev.rszshm.structures.errors.CodecMismatchException if it was made with another codec,
   *     or another version of it
   */
  public static <K> Optional<CounterMap<K>> find(Allocator allocator, String name, Codec<K> codec) {
    return NamedPlace.existing(allocator, name, ROOT_TYPE, CounterLayout.ALIGNMENT)
        .map(place -> at(allocator, place, codec));
  }

  /**
   * Finds the counter map of a name, whatever codec it was made with: keys are their bytes.
   * Otherwise as {@link #find(Allocator, String, Codec)}.
   */
  public static Optional<CounterMap<byte[]>> find(Allocator allocator, String name) {
    return NamedPlace.existing(allocator, name, ROOT_TYPE, CounterLayout.ALIGNMENT)
        .map(place -> at(allocator, place, storedBytes(allocator, place)));
  }

  /**
   * Finds the counter map at an offset, or makes it in {@link #LENGTH} bytes of zeros.
   *
   * @param offset a multiple of 8
   * @throws dev.rszshm.heap.errors.DamagedHeapException if there is something else
   * @throws dev.rszshm.structures.errors.CodecMismatchException if it was made with another codec,
   *     or another version of it
   */
  public static <K> CounterMap<K> at(Allocator allocator, long offset, Codec<K> codec) {
    return new CounterMap<>(allocator, offset, codec(allocator, offset, codec));
  }

  /**
   * Removes the counter map of a name with all that is in it, when nobody uses it any more. If the
   * process dies in it, a part is removed; call it again.
   *
   * @return whether there was one
   */
  public static boolean remove(Allocator allocator, String name) {
    if (allocator.findRoot(name).isEmpty()) {
      return false;
    }
    remove(allocator, place(allocator, name));
    return allocator.removeRoot(name);
  }

  /**
   * Frees all that is in the counter map at an offset, when nobody uses it any more. It is empty
   * then; the {@link #LENGTH} bytes at the offset are the caller's.
   */
  public static void remove(Allocator allocator, long offset) {
    long seed =
        found(allocator.heap(), offset, codec(allocator, offset, storedBytes(allocator, offset)));
    new Presence(allocator.heap(), offset, CounterLayout.MAGIC_VALUE, "the counter map").end();
    new KeyTrie(allocator, offset + CounterLayout.TRIE, seed).dismantle();
  }

  /** Returns the heap it is in. */
  public Heap heap() {
    return heap;
  }

  /** Returns the format that the keys have. */
  public CodecFormat keyFormat() {
    return codec.stored();
  }

  private byte[] encode(K key) {
    return codec.encode(Objects.requireNonNull(key, "a counter map has no null keys"));
  }

  /**
   * Adds to the count of a key, which is 0 at first.
   *
   * @return the count that it has then
   * @throws dev.rszshm.allocator.errors.OutOfHeapMemoryException if the key is new and there is no
   *     room; nothing has changed
   */
  public long add(K key, long number) {
    byte[] bytes = encode(key);
    return add(bytes, 0, bytes.length, number);
  }

  /**
   * Adds to the count of the key that consists of a part of an array; otherwise as {@link
   * #add(Object, long)}.
   *
   * @param from index of the first byte
   * @param to index behind the last byte
   * @throws IndexOutOfBoundsException if they are not within the array
   */
  public long add(byte[] array, int from, int to, long number) {
    long node = findOrMake(array, from, to, number);
    return node == 0 ? number : heap.getAndAddLong(node + NodeLayout.NUMBER, number) + number;
  }

  /**
   * Sets the count of a key.
   *
   * <p>Volatile order. What others add at the same time counts if it comes behind, and is replaced
   * if it comes before. If the process dies in this method, the count is set or it is not.
   *
   * @return the count that it had; 0 if it had none
   * @throws dev.rszshm.allocator.errors.OutOfHeapMemoryException if the key is new and there is no
   *     room; nothing has changed
   */
  public long set(K key, long number) {
    byte[] bytes = encode(key);
    return set(bytes, 0, bytes.length, number);
  }

  /**
   * Sets the count of the key that consists of a part of an array; otherwise as {@link #set(Object,
   * long)}.
   *
   * @throws IndexOutOfBoundsException if they are not within the array
   */
  public long set(byte[] array, int from, int to, long number) {
    long node = findOrMake(array, from, to, number);
    return node == 0 ? 0 : heap.getAndSetLong(node + NodeLayout.NUMBER, number);
  }

  /**
   * Finds the node of a key, or makes it.
   *
   * @param number the count of a node that is made
   * @return the node; 0 if it was made by this
   */
  private long findOrMake(byte[] array, int from, int to, long number) {
    Objects.checkFromToIndex(from, to, array.length);
    heap.requireWritable();
    presence.require();
    int length = to - from;
    long hash = trie.hash(array, from, length);
    while (true) {
      long node = trie.findPlace(hash, array, from, length);
      if (node > 0) {
        return node;
      }
      if (make(-node, hash, array, from, length, number)) {
        return 0;
      }
    }
  }

  private boolean make(long slot, long hash, byte[] array, int from, int length, long number) {
    long size = NodeLayout.length(length);
    return 0
        != allocator.allocateInto(
            slot, size, block -> trie.write(block, number, hash, array, from, length));
  }

  /**
   * Removes a key: sets its count to 0, without making the key if it never was there.
   *
   * <p>Volatile order. Of what others add at the same time, each addition is part of the count that
   * is returned, or of the new one. If the process dies in this method, the key is removed or it is
   * not.
   *
   * @return the count that it had; 0 if it was not there
   */
  public long remove(K key) {
    byte[] bytes = encode(key);
    return remove(bytes, 0, bytes.length);
  }

  /**
   * Removes the key that consists of a part of an array; otherwise as {@link #remove(Object)}.
   *
   * @throws IndexOutOfBoundsException if they are not within the array
   */
  public long remove(byte[] array, int from, int to) {
    heap.requireWritable();
    long node = find(array, from, to);
    return node == 0 ? 0 : removeNode(node);
  }

  private long removeNode(long node) {
    // What is 0 is left alone: a key that nobody uses costs nobody a line of the cache.
    return count(node) == 0 ? 0 : heap.getAndSetLong(node + NodeLayout.NUMBER, 0);
  }

  /**
   * Removes all keys, one after another: each that is there when this method is called, and those
   * that come meanwhile or not. If the process dies in it, or it throws, some are removed; call it
   * again.
   */
  public void clear() {
    heap.requireWritable();
    presence.require();
    trie.forEach(this::removeNode);
  }

  /** Returns the count of a key, or 0 if it is not there. Volatile order. */
  public long get(K key) {
    byte[] bytes = encode(key);
    return get(bytes, 0, bytes.length);
  }

  /**
   * Returns the count of the key that consists of a part of an array; otherwise as {@link
   * #get(Object)}.
   *
   * @throws IndexOutOfBoundsException if they are not within the array
   */
  public long get(byte[] array, int from, int to) {
    long node = find(array, from, to);
    return node == 0 ? 0 : count(node);
  }

  private long find(byte[] array, int from, int to) {
    Objects.checkFromToIndex(from, to, array.length);
    presence.require();
    int length = to - from;
    return trie.find(trie.hash(array, from, length), array, from, length);
  }

  private long count(long node) {
    return heap.getLongVolatile(node + NodeLayout.NUMBER);
  }

  /** Returns whether a key is there: whether its count is not 0. Volatile order. */
  public boolean containsKey(K key) {
    return get(key) != 0;
  }

  /** Returns the number of keys that are there, which are counted one by one. */
  public long size() {
    presence.require();
    long[] size = {0};
    trie.forEach(node -> size[0] += count(node) == 0 ? 0 : 1);
    return size[0];
  }

  /** Returns the sum of all counts, which are added one by one. */
  public long sum() {
    presence.require();
    long[] sum = {0};
    trie.forEach(node -> sum[0] += count(node));
    return sum[0];
  }

  /**
   * Returns the keys with the highest counts, the highest first. Keys of the same count are in the
   * order of their bytes, unsigned; that of text in UTF-8 is the order of its code points.
   *
   * @param number the most to return
   * @throws IllegalArgumentException if it is negative
   */
  public List<Count<K>> top(int number) {
    presence.require();
    TopCounts top = new TopCounts(number);
    trie.forEach(
        node -> {
          long count = count(node);
          if (count != 0 && top.mayHave(count)) {
            top.add(trie.key(node), count);
          }
        });
    return top.sorted().stream()
        .map(entry -> new Count<>(codec.decode(entry.key()), entry.count()))
        .toList();
  }

  /** Iterates over the keys that are there, in no order. Keys are not removed by it. */
  @Override
  public Iterator<Count<K>> iterator() {
    presence.require();
    TrieWalk walk = new TrieWalk(trie);
    return new Iterator<>() {
      private long count;
      private long next = advance();

      private long advance() {
        long node = walk.next();
        while (node != 0 && (count = count(node)) == 0) {
          node = walk.next();
        }
        return node;
      }

      @Override
      public boolean hasNext() {
        return next != 0;
      }

      @Override
      public Count<K> next() {
        if (next == 0) {
          throw new NoSuchElementException("there are no more keys");
        }
        Count<K> result = new Count<>(codec.decode(trie.key(next)), count);
        next = advance();
        return result;
      }
    };
  }

  /**
   * Looks at every key: that it is where it is looked for, once, and in a block of its own; counts
   * them. Others go on meanwhile.
   */
  public CounterCheck check() {
    TrieChecking checking = new TrieChecking(allocator, trie);
    long[] sum = {0};
    long[] removed = {0};
    checking.run(
        node -> {
          long count = count(node);
          sum[0] += count;
          removed[0] += count == 0 ? 1 : 0;
        });
    long word = at + CounterLayout.FORMAT;
    List<String> findings = new ArrayList<>(checking.findings());
    FormatWord.damage(heap, word).ifPresent(what -> findings.add("offset " + word + ": " + what));
    return new CounterCheck(
        checking.keys() - removed[0],
        removed[0],
        checking.keyBytes(),
        sum[0],
        trie.tables(),
        findings);
  }

  @Override
  public String toString() {
    return name(allocator, at).toString();
  }
}
