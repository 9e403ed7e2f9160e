package dev.rszshm.tests;

import dev.rszshm.heap.Heap;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;

/**
 * Damage to the tables of an allocator, that can be undone. The numbers are those of
 * docs/FORMAT.md, so that a wrong one there shows.
 */
final class AllocatorDamage {
  private static final int CLASSES = 52;
  private static final int LANE_LENGTH = 512;
  private static final int ROOT_LENGTH = 128;
  private static final int GROUP_LENGTH = 424;
  private static final int DESCRIPTOR_LENGTH = 1024;

  private final Heap heap;
  private final Random random;
  private final long page;
  private final Deque<long[]> before = new ArrayDeque<>();

  AllocatorDamage(Heap heap, Random random) {
    this.heap = heap;
    this.random = random;
    this.page = heap.dataOffset();
  }

  private long table(int field) {
    return heap.getLong(page + field);
  }

  private int chunks() {
    return (int) table(256);
  }

  private void put(long offset, long word) {
    before.push(new long[] {offset, heap.getLong(offset)});
    heap.putLong(offset, word);
  }

  /** Puts everything back as it was. */
  void undo() {
    while (!before.isEmpty()) {
      long[] word = before.pop();
      heap.putLong(word[0], word[1]);
    }
  }

  /** One change of a kind that every checker looks at; says what it was. */
  String change() {
    return switch (random.nextInt(8)) {
      case 0 -> changeState();
      case 1 -> changeSlab();
      case 2 -> changeDistance();
      case 3 -> changeBitmap();
      case 4 -> changeChunkCount();
      case 5 -> changeRoot();
      case 6 -> changePage();
      default -> changeLane();
    };
  }

  private String changeState() {
    int chunk = random.nextInt(chunks());
    long offset = owner(chunk);
    put(offset, heap.getLong(offset) ^ (1L + random.nextInt(15)) << 60);
    return "state of chunk " + chunk;
  }

  /** The class or the lane of a slab. */
  private String changeSlab() {
    int chunk = find(1, 2, 3);
    long offset = owner(chunk);
    long word = heap.getLong(offset);
    if (word >>> 60 == 1 && random.nextBoolean()) {
      put(offset, (word & ~(0xfffL << 42)) | (long) random.nextInt(4096) << 42);
      return "lane of slab " + chunk;
    }
    put(offset, (word & ~(0x3fL << 54)) | (long) random.nextInt(CLASSES) << 54);
    return "class of slab " + chunk;
  }

  private String changeDistance() {
    int chunk = find(5, 6);
    long offset = owner(chunk);
    long word = heap.getLong(offset);
    put(offset, (word & ~0xffffffL) | (1 + random.nextInt(random.nextBoolean() ? 20 : 0xffffff)));
    return "length or distance of chunk " + chunk;
  }

  private String changeBitmap() {
    int chunk = find(1, 2, 3);
    long bitmap = table(56) + (long) chunk * DESCRIPTOR_LENGTH + (random.nextBoolean() ? 512 : 0);
    int bit =
        random.nextInt(1 + random.nextInt(64)); // rather a low one: many slabs have few blocks
    put(bitmap, heap.getLong(bitmap) ^ 1L << bit);
    return "bitmap of slab " + chunk;
  }

  private String changeChunkCount() {
    int chunks = chunks();
    put(
        page + 256,
        random.nextBoolean() ? random.nextInt(chunks) : chunks + 1 + random.nextInt(99));
    return "number of chunks";
  }

  /** What is not in the geometry, without which nothing is found: a reserved word, or a number. */
  private String changePage() {
    int at =
        switch (random.nextInt(4)) {
          case 0 -> 384;
          case 1 -> 512;
          case 2 -> 640;
          default -> 88 + 8 * random.nextInt(21);
        };
    put(page + at, at == 384 ? random.nextInt((int) table(384)) : random.nextLong() | 1L << 63);
    return "word " + at + " of the page";
  }

  private String changeRoot() {
    int a = findRoot();
    if (random.nextBoolean()) {
      long slot = root(a) + 8;
      put(slot, heap.getLong(slot) ^ (1L << (20 + random.nextInt(44))));
      return "reference of root " + a;
    }
    int b = findRoot();
    for (int at = 24; at < ROOT_LENGTH; at += 8) {
      put(root(b) + at, heap.getLong(root(a) + at));
    }
    return "name of root " + b + " as that of " + a;
  }

  private String changeLane() {
    int lane = 1 + random.nextInt((int) table(384));
    long offset = table(32) + (lane - 1L) * LANE_LENGTH;
    long word = heap.getLong(offset);
    put(offset, random.nextBoolean() || word == 0 ? 0 : word ^ 1L << random.nextInt(24));
    return "word of lane " + lane;
  }

  /** Many words anywhere in the tables, as far as they are in use. */
  void scatter() {
    int chunks = chunks();
    int lanes = (int) table(384);
    for (int i = 1 + random.nextInt(30); i > 0; i--) {
      switch (random.nextInt(7)) {
        case 0 -> spoil(page + 16, random.nextInt(20) == 0 ? 9 : 0);
        case 1 -> spoil(page + 256, 64);
        case 2 -> spoil(table(24), (int) (table(72) & 0xffffffffL) * (ROOT_LENGTH / 8));
        case 3 -> spoil(table(32), lanes * (LANE_LENGTH / 8));
        case 4 -> spoil(table(40), chunks);
        case 5 -> spoil(table(48), (chunks + 63) / 64 * (GROUP_LENGTH / 8));
        default -> spoil(table(56), chunks * (DESCRIPTOR_LENGTH / 8));
      }
    }
  }

  private void spoil(long table, int words) {
    if (words > 0 && table >= page && table + 8L * words <= heap.length()) {
      long offset = table + 8L * random.nextInt(words);
      long word = heap.getLong(offset);
      put(
          offset,
          random.nextBoolean()
              ? word ^ 1L << random.nextInt(64)
              : random.nextLong() >>> random.nextInt(64));
    }
  }

  private long owner(int chunk) {
    return table(40) + 8L * chunk;
  }

  private long root(int root) {
    return table(24) + (long) root * ROOT_LENGTH;
  }

  /** A random chunk in one of some states, which are equally likely if there are all. */
  private int find(int... states) {
    int chunks = chunks();
    int first = random.nextInt(states.length);
    for (int i = 0; i < states.length; i++) {
      int state = states[(first + i) % states.length];
      int from = random.nextInt(chunks);
      for (int j = 0; j < chunks; j++) {
        int chunk = (from + j) % chunks;
        if (heap.getLong(owner(chunk)) >>> 60 == state) {
          return chunk;
        }
      }
    }
    throw new AssertionError("no chunk is in one of the states " + Arrays.toString(states));
  }

  private int findRoot() {
    int count = heap.getInt(page + 72);
    int root = random.nextInt(count);
    while ((heap.getLong(root(root)) & 1) == 0) {
      root = (root + 1) % count;
    }
    return root;
  }
}
