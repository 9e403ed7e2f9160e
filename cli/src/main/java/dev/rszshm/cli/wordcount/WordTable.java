package dev.rszshm.cli.wordcount;

import dev.rszshm.cli.CommandException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Counts by word, in memory of this process: an open hash table whose words are one behind the
 * other in an array. A word is its bytes in UTF-8. For one thread.
 */
final class WordTable {
  private static final int FIRST_SLOTS = 1 << 12;
  private static final int MIX = 0x9e3779b9;
  private static final int HASH_START = 0x811c9dc5;
  private static final int HASH_FACTOR = 0x01000193;
  private static final int MOST_BYTES = Integer.MAX_VALUE - 8;

  /** A word's number plus one, or 0. */
  private int[] slots = new int[FIRST_SLOTS];

  private int shift = Integer.numberOfLeadingZeros(FIRST_SLOTS) + 1;
  private int size;
  private int[] hashes = new int[FIRST_SLOTS / 2];
  private long[] counts = new long[FIRST_SLOTS / 2];

  /** Where words begin; each ends where the next one begins. */
  private int[] starts = new int[FIRST_SLOTS / 2 + 1];

  private byte[] bytes = new byte[FIRST_SLOTS * 8];

  /** The hash of no bytes. */
  static int hash() {
    return HASH_START;
  }

  /** The hash of some bytes and one more: Fowler, Noll and Vo's. */
  static int hash(int hash, byte next) {
    return (hash ^ next) * HASH_FACTOR;
  }

  static int hash(byte[] array, int from, int to) {
    int hash = hash();
    for (int i = from; i < to; i++) {
      hash = hash(hash, array[i]);
    }
    return hash;
  }

  /** Removes all words. */
  void clear() {
    Arrays.fill(slots, 0);
    size = 0;
  }

  /** The number of words, which are numbered from 0. */
  int size() {
    return size;
  }

  long count(int word) {
    return counts[word];
  }

  int hashOf(int word) {
    return hashes[word];
  }

  /** Where the word begins in {@link #bytes}. */
  int start(int word) {
    return starts[word];
  }

  int end(int word) {
    return starts[word + 1];
  }

  /** The bytes of all words. */
  byte[] bytes() {
    return bytes;
  }

  /** Adds to the count of the word that consists of a part of an array. */
  void add(byte[] array, int from, int to, int hash, long number) {
    int length = to - from;
    int place = (hash * MIX) >>> shift;
    int slot = slots[place];
    while (slot != 0) {
      int word = slot - 1;
      int start = starts[word];
      if (hashes[word] == hash
          && starts[word + 1] - start == length
          && Arrays.equals(bytes, start, start + length, array, from, to)) {
        counts[word] += number;
        return;
      }
      place = (place + 1) & (slots.length - 1);
      slot = slots[place];
    }
    append(array, from, length, hash, number);
    slots[place] = size;
    if (size == hashes.length) {
      grow();
    }
  }

  private void append(byte[] array, int from, int length, int hash, long number) {
    int start = starts[size];
    if (length > bytes.length - start) {
      long most = Math.min(MOST_BYTES, Math.max(2L * bytes.length, (long) start + length));
      if (most - start < length || size >= 1 << 29) {
        throw CommandException.failed(
            "too-many-words", "there are too many words for the memory of one process");
      }
      bytes = Arrays.copyOf(bytes, (int) most);
    }
    System.arraycopy(array, from, bytes, start, length);
    hashes[size] = hash;
    counts[size] = number;
    starts[size + 1] = start + length;
    size++;
  }

  private void grow() {
    hashes = Arrays.copyOf(hashes, 2 * size);
    counts = Arrays.copyOf(counts, 2 * size);
    starts = Arrays.copyOf(starts, 2 * size + 1);
    slots = new int[2 * slots.length];
    shift--;
    for (int word = 0; word < size; word++) {
      int place = (hashes[word] * MIX) >>> shift;
      while (slots[place] != 0) {
        place = (place + 1) & (slots.length - 1);
      }
      slots[place] = word + 1;
    }
  }

  /**
   * Turns all words into lower case, as {@link String#toLowerCase(Locale)} does for the root; the
   * letters of ASCII are already. Words that changed stay, with a count of 0.
   */
  void lowerAll() {
    int before = size;
    for (int word = 0; word < before; word++) {
      if (counts[word] != 0 && !isAscii(word)) {
        lower(word);
      }
    }
  }

  private void lower(int word) {
    int start = start(word);
    String text = new String(bytes, start, end(word) - start, StandardCharsets.UTF_8);
    String lower = text.toLowerCase(Locale.ROOT);
    if (!lower.equals(text)) {
      long count = counts[word];
      counts[word] = 0;
      byte[] encoded = lower.getBytes(StandardCharsets.UTF_8);
      add(encoded, 0, encoded.length, hash(encoded, 0, encoded.length), count);
    }
  }

  private boolean isAscii(int word) {
    for (int i = start(word); i < end(word); i++) {
      if (bytes[i] < 0) {
        return false;
      }
    }
    return true;
  }
}
