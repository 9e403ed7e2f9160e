package dev.rszshm.cli.wordcount;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.DamagedHeapException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The counts of one block as bytes, in the heap written once and then only read.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0  260 65 offsets of 4 bytes: where the words of each of 64 partitions begin; the last: the length
 *    260    4 process id of who has counted the block
 *    264      words: 4 bytes count, 4 bytes length, and the word
 * </pre>
 *
 * <p>The hash of a word says its partition, the same in all blocks and processes. Whoever adds up a
 * partition reads one piece of each block.
 */
final class BlockCounts {
  /** The number of partitions. */
  static final int PARTITIONS = 64;

  private static final int PARTITION_SHIFT = 26;
  private static final int MIX = 0x85ebca6b;
  private static final int PROCESS = (PARTITIONS + 1) * Integer.BYTES;
  private static final int HEADER = PROCESS + Integer.BYTES;
  private static final int WORD_HEADER = 2 * Integer.BYTES;

  private BlockCounts() {}

  private static int partition(int hash) {
    return ((hash ^ (hash >>> 15)) * MIX) >>> PARTITION_SHIFT;
  }

  /** Returns the bytes for the words of a table, which a process has counted. */
  static byte[] encode(WordTable words, int process) {
    int[] lengths = new int[PARTITIONS];
    for (int word = 0; word < words.size(); word++) {
      if (words.count(word) != 0) {
        lengths[partition(words.hashOf(word))] += WORD_HEADER + words.end(word) - words.start(word);
      }
    }
    int[] next = new int[PARTITIONS];
    int length = HEADER;
    for (int i = 0; i < PARTITIONS; i++) {
      next[i] = length;
      length = Math.addExact(length, lengths[i]);
    }
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    for (int start : next) {
      bytes.putInt(start);
    }
    bytes.putInt(length);
    bytes.putInt(process);
    for (int word = 0; word < words.size(); word++) {
      if (words.count(word) != 0) {
        int partition = partition(words.hashOf(word));
        int wordLength = words.end(word) - words.start(word);
        bytes.position(next[partition]);
        bytes.putInt((int) words.count(word)).putInt(wordLength);
        bytes.put(words.bytes(), words.start(word), wordLength);
        next[partition] = bytes.position();
      }
    }
    return bytes.array();
  }

  /** Returns the process id of who has counted a block. */
  static long process(Heap heap, long offset) {
    return heap.getInt(offset + PROCESS);
  }

  /** Adds the words of a partition to a table. */
  static void add(Heap heap, long offset, int partition, WordTable words) {
    int from = heap.getInt(offset + (long) partition * Integer.BYTES);
    int to = heap.getInt(offset + (partition + 1L) * Integer.BYTES);
    if (from < HEADER || to < from || to > heap.length() - offset) {
      throw damaged(heap, offset, "its partition " + partition + " is from " + from + " to " + to);
    }
    byte[] bytes = heap.getBytes(offset + from, to - from);
    ByteBuffer parts = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (parts.hasRemaining()) {
      if (parts.remaining() < WORD_HEADER) {
        throw damaged(heap, offset, "the last word has no count");
      }
      int count = parts.getInt();
      int length = parts.getInt();
      if (count < 1 || length < 1 || length > parts.remaining()) {
        throw damaged(heap, offset, "a word has the count " + count + " and the length " + length);
      }
      int start = parts.position();
      words.add(bytes, start, start + length, WordTable.hash(bytes, start, start + length), count);
      parts.position(start + length);
    }
  }

  private static DamagedHeapException damaged(Heap heap, long offset, String found) {
    return new DamagedHeapException(
        "the counts at offset "
            + offset
            + " of "
            + heap.path()
            + " are damaged: "
            + found
            + ". Somebody has written where they should not");
  }
}
