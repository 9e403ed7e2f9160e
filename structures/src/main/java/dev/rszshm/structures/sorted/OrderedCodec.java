package dev.rszshm.structures.sorted;

import dev.rszshm.structures.codec.Codec;
import java.util.Comparator;

/**
 * A codec whose bytes are in the order of the objects: {@code a} comes before {@code b} exactly if
 * the bytes of {@code a} come before those of {@code b}, compared as unsigned numbers one by one,
 * the shorter first if one is the beginning of the other. Equal objects have equal bytes.
 *
 * <p>So the order of a map is a fact of its bytes. All processes have the same, whatever the
 * version of their classes, and a program in C has it with {@code memcmp}. {@link OrderedCodecs}
 * has those for common types.
 *
 * @param <T> the type of the objects
 */
public interface OrderedCodec<T> extends Codec<T> {
  /** Returns the order of the objects, which is that of their bytes. */
  Comparator<? super T> comparator();
}
