package dev.rszshm.structures.sorted;

import dev.rszshm.structures.codec.Codec;
import java.util.Objects;

/**
 * How a sorted map is made. All processes name the same.
 *
 * <pre>{@code
 * SortedMapSpec.of(OrderedCodecs.strings(), Codecs.longs())
 * }</pre>
 *
 * @param keys the codec of the keys, whose bytes are in their order
 * @param values the codec of the values
 * @param nodeLength bytes of a node of the tree, a power of two from 512 to 32,768. A key takes at
 *     most a quarter of that, less 32 bytes
 * @param <K> the keys
 * @param <V> the values
 */
public record SortedMapSpec<K, V>(OrderedCodec<K> keys, Codec<V> values, int nodeLength) {
  /** The length of a node unless the caller names another: keys take up to 992 bytes then. */
  public static final int DEFAULT_NODE_LENGTH = 4096;

  /** The least length of a node. */
  public static final int MIN_NODE_LENGTH = 512;

  /** The greatest length of a node. */
  public static final int MAX_NODE_LENGTH = 32_768;

  /** Checks the numbers. */
  public SortedMapSpec {
    Objects.requireNonNull(keys, "keys");
    Objects.requireNonNull(values, "values");
    if (nodeLength < MIN_NODE_LENGTH
        || nodeLength > MAX_NODE_LENGTH
        || Integer.bitCount(nodeLength) != 1) {
      throw new IllegalArgumentException(
          "found nodes of "
              + nodeLength
              + " bytes, expected a power of two from "
              + MIN_NODE_LENGTH
              + " to "
              + MAX_NODE_LENGTH);
    }
  }

  /** Returns a specification with nodes of {@value #DEFAULT_NODE_LENGTH} bytes. */
  public static <K, V> SortedMapSpec<K, V> of(OrderedCodec<K> keys, Codec<V> values) {
    return new SortedMapSpec<>(keys, values, DEFAULT_NODE_LENGTH);
  }

  /**
   * Returns the same with nodes of another length. Short nodes make changes cheaper, long ones
   * allow long keys and make scans cheaper.
   */
  public SortedMapSpec<K, V> nodeLength(int bytes) {
    return new SortedMapSpec<>(keys, values, bytes);
  }

  /** Returns the greatest length of a key in bytes. */
  public int maxKeyLength() {
    return SortedMapLayout.maxKeyLength(nodeLength);
  }

  @Override
  public String toString() {
    return "a sorted map of " + keys + " to " + values + ", with nodes of " + nodeLength + " bytes";
  }
}
