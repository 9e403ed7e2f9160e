package dev.rszshm.structures.sorted;

import java.util.Arrays;
import java.util.List;

/**
 * An entry of a node that is being made: a key, with a value or a child.
 *
 * @param word what the directory says of it; its position is that in the source
 * @param source the bytes in which the rest of the key is, and the value, as in a node
 * @param reference that of a child, or of a value outside; else 0
 */
record NodeEntry(long head, long word, byte[] source, long reference) {
  /** An entry of a node. */
  static NodeEntry of(Node node, int index) {
    long word = node.word(index);
    long reference = 0;
    if (node.height != 0) {
      reference = node.child(index);
    } else if (SortedMapLayout.isOutside(word)) {
      reference = node.outside(index);
    }
    return new NodeEntry(node.head(index), word, node.bytes, reference);
  }

  /** A child of an inner node. */
  static NodeEntry child(byte[] key, long reference) {
    byte[] rest = rest(key, 0);
    long word = SortedMapLayout.word(0, key.length, 0, false);
    return new NodeEntry(SortedMapLayout.head(key), word, rest, reference);
  }

  /** An entry of a leaf with a value in it. */
  static NodeEntry inside(byte[] key, byte[] value) {
    int rest = SortedMapLayout.restLength(key.length);
    byte[] source = rest(key, value.length);
    System.arraycopy(value, 0, source, rest, value.length);
    long word = SortedMapLayout.word(0, key.length, value.length, false);
    return new NodeEntry(SortedMapLayout.head(key), word, source, 0);
  }

  /** An entry of a leaf with a value outside. */
  static NodeEntry outside(byte[] key, int valueLength, long reference) {
    long word = SortedMapLayout.word(0, key.length, valueLength, true);
    return new NodeEntry(SortedMapLayout.head(key), word, rest(key, 0), reference);
  }

  private static byte[] rest(byte[] key, int room) {
    int rest = SortedMapLayout.restLength(key.length);
    byte[] bytes = new byte[rest + room];
    if (rest > 0) {
      System.arraycopy(key, Long.BYTES, bytes, 0, rest);
    }
    return bytes;
  }

  /** The same entry with the key of another. */
  NodeEntry withKeyOf(NodeEntry other) {
    return new NodeEntry(other.head, other.word, other.source, reference);
  }

  int keyLength() {
    return SortedMapLayout.keyLength(word);
  }

  byte[] key() {
    byte[] key = new byte[keyLength()];
    for (int i = 0; i < Math.min(key.length, Long.BYTES); i++) {
      key[i] = (byte) (head >>> (56 - 8 * i));
    }
    if (key.length > Long.BYTES) {
      int rest = SortedMapLayout.restLength(key.length);
      System.arraycopy(source, SortedMapLayout.position(word), key, Long.BYTES, rest);
    }
    return key;
  }

  /** The most bytes it takes in a node. */
  int length(boolean inLeaf) {
    int record = SortedMapLayout.restLength(keyLength()) + 2 * Long.BYTES;
    if (!inLeaf) {
      return record + Long.BYTES;
    }
    return SortedMapLayout.isOutside(word)
        ? record + 2 * Long.BYTES - 1
        : record + SortedMapLayout.valueLength(word);
  }

  static int length(List<NodeEntry> entries, boolean inLeaf) {
    int length = SortedMapLayout.NODE_HEADER;
    for (NodeEntry entry : entries) {
      length += entry.length(inLeaf);
    }
    return length;
  }

  /** The bytes of a node, without a stamp; as many as are in use. */
  static byte[] toNode(List<NodeEntry> entries, int height) {
    int count = entries.size();
    byte[] bytes = new byte[length(entries, height == 0)];
    int end = (int) SortedMapLayout.child(count, height == 0 ? 0 : count);
    for (int i = 0; i < count; i++) {
      NodeEntry entry = entries.get(i);
      int from = SortedMapLayout.position(entry.word);
      int rest = SortedMapLayout.restLength(entry.keyLength());
      boolean isOutside = SortedMapLayout.isOutside(entry.word);
      int valueLength = height == 0 ? SortedMapLayout.valueLength(entry.word) : 0;
      long word = SortedMapLayout.word(end, entry.keyLength(), valueLength, isOutside);
      Node.LONG.set(bytes, SortedMapLayout.NODE_HEADER + Long.BYTES * i, entry.head);
      Node.LONG.set(bytes, (int) SortedMapLayout.directory(count) + Long.BYTES * i, word);
      int length = isOutside ? rest : rest + valueLength;
      System.arraycopy(entry.source, from, bytes, end, length);
      end += length;
      if (height != 0) {
        Node.LONG.set(bytes, (int) SortedMapLayout.child(count, i), entry.reference);
      } else if (isOutside) {
        int at = SortedMapLayout.valueAt(word);
        Node.LONG.set(bytes, at, entry.reference);
        end = at + Long.BYTES;
      }
    }
    Node.SHORT.set(bytes, SortedMapLayout.NODE_HEIGHT, (short) height);
    Node.SHORT.set(bytes, SortedMapLayout.NODE_COUNT, (short) count);
    Node.INT.set(bytes, SortedMapLayout.NODE_END, end);
    return end == bytes.length ? bytes : Arrays.copyOf(bytes, end);
  }

  /** The shortest key that is greater than one and not greater than another, which is greater. */
  static byte[] separator(byte[] lower, byte[] upper) {
    int same = Arrays.mismatch(lower, upper);
    return Arrays.copyOf(upper, Math.min(upper.length, same + 1));
  }
}
