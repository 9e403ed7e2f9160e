package dev.rszshm.structures.internal.codec;

import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.internal.codec.StructureCodec.Use;

/**
 * The codecs of a map, there or being made.
 *
 * @param <K> the keys
 * @param <V> the values
 */
public record MapCodecs<K, V>(StructureCodec<K> keys, StructureCodec<V> values) {
  /**
   * Returns the codecs of a map.
   *
   * @param keyWord the offset of the word with the format of the keys; that of the values is behind
   */
  public static <K, V> MapCodecs<K, V> of(
      StructureName map, long keyWord, Codec<K> keys, Codec<V> values) {
    return new MapCodecs<>(
        new StructureCodec<>(map.heap(), keyWord, keys, Use.KEYS, map),
        new StructureCodec<>(map.heap(), keyWord + Long.BYTES, values, Use.VALUES, map));
  }

  /** Returns those of a map whose codecs nobody knows: keys and values are their bytes. */
  public static MapCodecs<byte[], byte[]> ofBytes(StructureName map, long keyWord) {
    return of(
        map,
        keyWord,
        StoredBytes.at(map.heap(), keyWord),
        StoredBytes.at(map.heap(), keyWord + Long.BYTES));
  }

  /**
   * Says the formats of a map that is being made. The first one is said before the second, so that
   * of makers with different codecs there is one who has said both.
   */
  public void claim() {
    keys.claim();
    keys.require();
    values.claim();
    values.require();
  }

  /** Makes sure that they know what is in the map. */
  public void require() {
    keys.require();
    values.require();
  }
}
