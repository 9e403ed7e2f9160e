package dev.rszshm.cli.check;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.heap.Heap;
import java.util.ArrayList;
import java.util.List;

/**
 * The words of a sample heap of which the check must notice each change. The numbers are those of
 * docs/FORMAT.md, so that a wrong one there shows. Words that are as right as before when they are
 * others are not among them: bits of blocks, event counts, the content of keys' values and
 * messages, numbers that only fall or rise.
 */
final class Words {
  /**
   * A word.
   *
   * @param what for messages
   * @param offset in the file
   * @param bytes of it
   * @param wild whether only values that are far away must be noticed
   */
  record Word(String what, long offset, int bytes, boolean wild) {}

  private final List<Word> words = new ArrayList<>();
  private final Heap heap;
  private final Allocator allocator;

  private Words(Heap heap, Allocator allocator) {
    this.heap = heap;
    this.allocator = allocator;
  }

  static List<Word> of(Heap heap, Allocator allocator) {
    Words all = new Words(heap, allocator);
    all.addHeader();
    all.addAllocator();
    all.addStructures();
    return all.words;
  }

  private void add(String what, long from, long to) {
    for (long at = from; at < to; at += 8) {
      words.add(new Word(what + " + " + (at - from), at, 8, false));
    }
  }

  private void wild(String what, long offset) {
    words.add(new Word(what, offset, 8, true));
  }

  private void addHeader() {
    add("header", 0, 256);
    words.add(new Word("phase", 256, 4, false));
  }

  private void addAllocator() {
    long page = heap.dataOffset();
    add("page", page, page + 8);
    words.add(new Word("version", page + 8, 4, false));
    add("geometry", page + 16, page + 88);
    wild("chunk count", page + 256);
    wild("lane count", page + 384);
    wild("root lock", page + 512);
    add("reserved", page + 1024, page + 1064);
    long owners = heap.getLong(page + 40);
    long chunks = heap.getLong(page + 256);
    for (int chunk = 0; chunk < chunks; chunk++) {
      if (heap.getLong(owners + 8L * chunk) != 0) {
        wild("owner of chunk " + chunk, owners + 8L * chunk);
      }
    }
  }

  private void addStructures() {
    for (RootEntry entry : allocator.roots()) {
      long block = allocator.get(entry.slot());
      String name = entry.name();
      wild("reference of " + name, entry.slot());
      switch (name) {
        case "accounts", "table", "fair" -> add(name, block, block + 8);
        case "barrier" -> wild(name + ", parties", block + 8);
        case "permits" -> wild(name, block);
        case "jobs" -> addChannel(name, (block + 127) & -128);
        case "news", "questions" -> {
          long at = (block + 127) & -128;
          add(name, at, at + 8);
          wild(name + ", its channel", at + 24);
          wild(name + ", its length", at + 32);
          addChannel(name, at + heap.getLong(at + 24));
        }
        case "settings" -> {
          int place = (int) heap.getLong(block + 8) & 1;
          wild(name + ", capacity", block + 16);
          add(name + ", descriptor", block + 32 + 24L * place, block + 48 + 24L * place);
          words.add(new Word(name + ", sum", block + 48 + 24L * place, 4, false));
        }
        case "names" -> addMap((block + 63) & -64);
        default -> {
          // Bytes of which nothing is known.
        }
      }
    }
  }

  private void addChannel(String name, long at) {
    add(name, at, at + 8);
    wild(name + ", specification", at + 8);
    add(name, at + 16, at + 72);
    wild(name + ", tail", at + 128);
    wild(name + ", head", at + 256);
    long header = at + heap.getLong(at + 48);
    if (name.equals("jobs")) {
      wild(name + ", first header", header);
      wild(name + ", second header", header + heap.getLong(at + 40));
    }
  }

  private void addMap(long at) {
    add("map", at, at + 8);
    words.add(new Word("map, shards", at + 8, 1, false));
    words.add(new Word("map, version", at + 24, 4, false));
    add("map, bytes", at + 32, at + 40);
    add("map, seed", at + 16, at + 24);
    for (int shard = 0; shard < 4; shard++) {
      long place = at + 4224 + 1472L * shard;
      add("shard, buckets", place, place + 8);
      add("shard, lock", place + 64, place + 72);
      add("shard, entries", place + 80, place + 88);
      add("shard, line and trash", place + 200, place + 216);
      long segment = heap.getLong(place + 256) >>> 24 << 4;
      wild("segment of shard " + shard, place + 256);
      for (int line = 0; line < 4; line++) {
        addLine(segment + 64L * line);
      }
    }
  }

  private void addLine(long line) {
    for (int place = 0; place < 7; place++) {
      long word = heap.getLong(line + 8 + 8L * place);
      if ((word & 7) == 3) {
        wild("place of an entry", line + 8 + 8L * place);
        words.add(new Word("tag", line + place, 1, false));
        long entry = word >>> 24 << 4;
        words.add(new Word("length of a key", entry + 8, 4, false));
        words.add(new Word("key", entry + 16, 4, false));
      }
    }
  }
}
