package dev.rszshm.heap.internal.memory;

import dev.rszshm.heap.errors.UnsupportedPlatformException;
import dev.rszshm.heap.spi.Memory;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Chooses how this JVM accesses memory.
 *
 * <p>Only the implementation that is chosen is ever loaded: as long as the JVM knows one subclass
 * of {@link Memory}, compiled accesses need not look which one they have. So each is made by a
 * class of its own, which the verifier has no reason to load before.
 */
public final class MemoryChoice {
  /** The system property that overrides the choice of {@link #host()}; meant for tests. */
  static final String PROPERTY = "dev.rszshm.memory";

  private static final int FIRST_SEGMENT_DEFAULT = 24;
  private static final int FIRST_SEGMENT_POSSIBLE = 22;

  private MemoryChoice() {}

  /** What {@link Memory#host()} returns. */
  public static Memory host() {
    RuntimeException failure = Host.FAILURE;
    if (failure != null) {
      throw failure;
    }
    return Objects.requireNonNull(Host.MEMORY, "there is a memory, or a failure");
  }

  /** Made at the first use. The failure is kept, so that every caller gets the same clear error. */
  private static final class Host {
    static final @Nullable Memory MEMORY;
    static final @Nullable RuntimeException FAILURE;

    static {
      Memory memory = null;
      RuntimeException failure = null;
      try {
        memory = choose(System.getProperty(PROPERTY), Runtime.version().feature());
      } catch (RuntimeException e) {
        failure = e;
      }
      MEMORY = memory;
      FAILURE = failure;
    }
  }

  private static final class Unsafe {
    static Memory memory() {
      return new UnsafeMemory();
    }
  }

  private static final class Segment {
    static Memory memory() {
      return new SegmentMemory();
    }
  }

  /** Makes the implementation of that name, or the one for JDK {@code feature} if it is null. */
  static Memory choose(@Nullable String name, int feature) {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw new UnsupportedPlatformException(
          "this machine is big-endian, the heap's format is little-endian: use another machine");
    }
    String choice = name != null ? name : feature >= FIRST_SEGMENT_DEFAULT ? "segment" : "unsafe";
    try {
      return switch (choice) {
        case "unsafe" -> Unsafe.memory();
        case "segment" -> {
          if (feature < FIRST_SEGMENT_POSSIBLE) {
            throw new IllegalArgumentException(
                String.format(
                    Locale.ROOT,
                    "-D%s=segment needs JDK %d or later, this is JDK %d: remove the property",
                    PROPERTY,
                    FIRST_SEGMENT_POSSIBLE,
                    feature));
          }
          yield Segment.memory();
        }
        default ->
            throw new IllegalArgumentException(
                String.format(
                    Locale.ROOT,
                    "-D%s=%s: expected 'unsafe' or 'segment'; without the property the JDK's"
                        + " version decides",
                    PROPERTY,
                    choice));
      };
    } catch (ExceptionInInitializerError e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    } catch (NoClassDefFoundError e) {
      UnsupportedPlatformException explained =
          new UnsupportedPlatformException(
              "this run of the JVM lacks "
                  + e.getMessage()
                  + ": start it with --add-modules jdk.unsupported,ALL-MODULE-PATH");
      explained.initCause(e);
      throw explained;
    }
  }
}
