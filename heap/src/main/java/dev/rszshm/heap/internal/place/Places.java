package dev.rszshm.heap.internal.place;

import dev.rszshm.heap.Region;
import dev.rszshm.heap.errors.OverlappingPlacesException;
import java.lang.StackWalker.StackFrame;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The places that an attachment has given to objects, in the mode that looks for overlaps: one
 * object, found again as often as one likes, and no two that share a byte.
 *
 * <p>Only what a caller places counts. Objects are made of others (a channel has locks within), and
 * place these themselves: what a class of this project places for itself is its own business.
 */
public final class Places {
  private static final List<String> OURS =
      List.of(
          "dev.rszshm.heap.",
          "dev.rszshm.sync.",
          "dev.rszshm.allocator.",
          "dev.rszshm.structures.");
  private static final StackWalker STACK =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  @SuppressWarnings("NullAway.Init")
  private static Function<Region, @Nullable Places> placesOf;

  /** A place; the offset is the key. */
  private record Place(Class<?> kind, long length) {
    String describe(long offset) {
      return kind.getSimpleName() + " with " + length + " bytes at offset " + offset;
    }
  }

  private final String path;
  private final TreeMap<Long, Place> places = new TreeMap<>();

  /**
   * Begins with none.
   *
   * @param path of the heap, for messages
   */
  public Places(String path) {
    this.path = path;
  }

  /** Connects this class with that of regions, which alone has a region's places. */
  public static void connect(Function<Region, @Nullable Places> places) {
    placesOf = places;
  }

  /**
   * Notes an object, if overlaps are looked for.
   *
   * @param kind its class
   * @param offset where it is, in the region
   * @throws OverlappingPlacesException if another object has one of its bytes
   */
  public static void note(Region region, Class<?> kind, long offset, long length) {
    Places places = placesOf.apply(region);
    if (places != null && length > 0 && isPlacedByCaller(kind)) {
      places.note(kind, region.offset() + offset, length);
    }
  }

  /** The first frame that is not of the kind itself says who places it. */
  private static boolean isPlacedByCaller(Class<?> kind) {
    Class<?> placer =
        STACK.walk(
            frames ->
                frames
                    .map(StackFrame::getDeclaringClass)
                    .filter(c -> c != Places.class && c != kind)
                    .findFirst()
                    .orElse(kind));
    return OURS.stream().noneMatch(placer.getName()::startsWith);
  }

  synchronized void note(Class<?> kind, long offset, long length) {
    Place wanted = new Place(kind, length);
    Place same = places.get(offset);
    long from = offset;
    if (same != null && same.kind == kind) {
      if (length <= same.length) {
        return;
      }
      from += same.length; // an array that has become longer
    }
    Map.Entry<Long, Place> before = places.lowerEntry(offset + length);
    if (before != null && before.getKey() + before.getValue().length > from) {
      throw new OverlappingPlacesException(
          wanted.describe(offset)
              + " of "
              + path
              + " would overlap "
              + before.getValue().describe(before.getKey())
              + ": place them apart, or forget the old place, with Heap.forgetPlaces, if it is not"
              + " used any more");
    }
    places.put(offset, wanted);
  }

  /** Forgets every place that has a byte of a range. */
  public synchronized void forget(long offset, long length) {
    Map.Entry<Long, Place> last = places.lowerEntry(offset + length);
    while (last != null && last.getKey() + last.getValue().length > offset) {
      places.remove(last.getKey());
      last = places.lowerEntry(offset + length);
    }
  }
}
