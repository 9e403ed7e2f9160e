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
        case "lines" -> addList(name, (block + 63) & -64);
        case "done" -> {
          long at = (block + 63) & -64;
          addHead(name, at);
          addSegments(name, at + 64);
        }
        case "counts" -> {
          long at = (block + 63) & -64;
          addHead(name, at);
          addTrie(name, at + 64);
        }
        case "units" -> addStrings(name, (block + 63) & -64);
        case "prices" -> addSortedMap(name, (block + 63) & -64);
        case "work" -> addQueue(name, (block + 63) & -64);
        case "undo" -> addDeque(name, (block + 63) & -64);
        case "events" -> addLog(name, (block + 63) & -64);
        case "numbers", "points" -> addArray(name, (block + 15) & -16);
        case "names" -> addMap((block + 63) & -64);
        default -> {
          // Bytes of which nothing is known.
        }
      }
    }
  }

  private void half(String what, long offset) {
    words.add(new Word(what, offset, 4, false));
  }

  /** A length of four bytes: others that fit as well are as right. */
  private void length(String what, long offset) {
    words.add(new Word(what, offset, 4, true));
  }

  /** The block that a slot refers to. */
  private long block(long slot) {
    return allocator.get(slot);
  }

  private void addHead(String name, long at) {
    add(name + ", magic", at, at + 8);
    half(name + ", version", at + 8);
  }

  private void addList(String name, long at) {
    addHead(name, at);
    wild(name + ", size hint", at + 64);
    wild(name + ", lock", at + 128);
    addSegments(name, at + 192);
    long element = block(block(at + 192 + 8));
    length(name + ", length of an element", element + 8);
  }

  private void addSegments(String name, long at) {
    for (int segment = 0; heap.getLong(at + 8 + 8L * segment) != 0; segment++) {
      wild(name + ", segment " + segment, at + 8 + 8L * segment);
    }
  }

  private void addTrie(String name, long at) {
    for (int table = 0; table < 64; table++) {
      long slot = at + 8L * table;
      if (heap.getLong(slot) == 0) {
        continue;
      }
      wild(name + ", table " + table, slot);
      for (int root = 0; root < 64; root++) {
        if (heap.getLong(block(slot) + 8L * root) != 0) {
          wild(name + ", root " + root + " of table " + table, block(slot) + 8L * root);
        }
      }
    }
  }

  private void addStrings(String name, long at) {
    addHead(name, at);
    wild(name + ", count", at + 64);
    wild(name + ", lock", at + 128);
    addTrie(name, at + 192);
    addSegments(name, at + 704);
    long node = block(block(at + 704 + 8));
    half(name + ", length of a key", node + 40);
    half(name + ", hash of a key", node + 44);
    half(name + ", key", node + 48);
    wild(name + ", number", node + 32);
  }

  private void addSortedMap(String name, long at) {
    add(name, at, at + 16);
    half(name + ", version", at + 24);
    add(name + ", bytes", at + 32, at + 40);
    wild(name + ", lock", at + 64);
    wild(name + ", entries", at + 80);
    wild(name + ", root", at + 192);
    long node = heap.getLong(at + 192) >>> 24 << 4;
    words.add(new Word(name + ", height", node + 8, 2, false));
    words.add(new Word(name + ", entries of a node", node + 10, 2, false));
    half(name + ", bytes in use", node + 12);
    wild(name + ", directory", node + 16 + 8L * heap.getShort(node + 10));
  }

  private void addQueue(String name, long at) {
    add(name, at, at + 8);
    half(name + ", version", at + 16);
    wild(name + ", lock of the head", at + 64);
    wild(name + ", first segment", at + 80);
    wild(name + ", removed", at + 104);
    wild(name + ", lock of the tail", at + 192);
    wild(name + ", last segment", at + 208);
    long segment = block(at + 80);
    wild(name + ", index", segment + 8);
    length(name + ", bytes of a segment", segment + 16);
    wild(name + ", published", segment + 64);
    wild(name + ", passed", segment + 128);
    length(name + ", length of a record", segment + 192);
    half(name + ", state of a record", segment + 196);
  }

  private void addDeque(String name, long at) {
    add(name, at, at + 8);
    half(name + ", version", at + 16);
    wild(name + ", lock", at + 64);
    wild(name + ", first", at + 80);
    wild(name + ", last", at + 112);
    wild(name + ", count", at + 120);
    long node = block(at + 80);
    for (int i = 0; i < 5; i++) {
      wild(name + ", next of node " + i, node);
      wild(name + ", before of node " + i, node + 8);
      if (i > 0) { // the first one's may be any
        wild(name + ", position of node " + i, node + 16);
      }
      length(name + ", length of node " + i, node + 24);
      node = block(node);
    }
  }

  private void addLog(String name, long at) {
    add(name, at, at + 8);
    wild(name + ", options", at + 8);
    half(name + ", version", at + 16);
    wild(name + ", appended", at + 64);
    for (int place = 0; place < 8; place++) {
      wild(name + ", place " + place, at + 4288 + 8L * place);
    }
  }

  private void addArray(String name, long at) {
    add(name, at, at + 24);
    half(name + ", version of the layout", at + 24);
    half(name + ", first", at + 28);
    wild(name + ", size", at + 32);
    wild(name + ", segment", at + 64);
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
