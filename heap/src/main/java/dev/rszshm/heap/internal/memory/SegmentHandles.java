package dev.rszshm.heap.internal.memory;

import static java.lang.invoke.MethodType.methodType;

import dev.rszshm.heap.errors.UnsupportedPlatformException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/**
 * Makes the handles of {@link SegmentMemory}. {@code java.lang.foreign} is reached reflectively,
 * because this code is compiled for JDK 17 and loaded there, too.
 *
 * <p>One segment covers all addresses from 0 on, so that an offset into it is an address. It is
 * bound into each handle, so that only primitive types and arrays are left to the caller. Segment
 * and layout types appear as {@code Object} in what is returned.
 */
final class SegmentHandles {
  private static final Class<?> SEGMENT = type("MemorySegment");
  private static final Class<?> LAYOUT = type("ValueLayout");
  private static final Object EVERYTHING = everything();

  private SegmentHandles() {}

  private static Class<?> type(String name) {
    try {
      return Class.forName("java.lang.foreign." + name);
    } catch (ClassNotFoundException e) {
      throw unusable(e);
    }
  }

  private static Object everything() {
    try {
      Object empty = SEGMENT.getMethod("ofAddress", long.class).invoke(null, 0L);
      return SEGMENT.getMethod("reinterpret", long.class).invoke(empty, Long.MAX_VALUE);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalCallerException) {
        Module module = SegmentHandles.class.getModule();
        throw because(
            e.getCause(),
            "this JVM denies access to native memory: start it with --enable-native-access="
                + (module.isNamed() ? module.getName() : "ALL-UNNAMED"));
      }
      throw unusable(e);
    } catch (ReflectiveOperationException e) {
      throw unusable(e);
    }
  }

  /** Returns the constant of that name in {@code ValueLayout}. */
  static Object layout(String name) {
    try {
      return LAYOUT.getField(name).get(null);
    } catch (ReflectiveOperationException e) {
      throw unusable(e);
    }
  }

  /** Returns the handle of that layout, with the address as its one coordinate. */
  static VarHandle values(String layout) {
    try {
      Object handle = LAYOUT.getMethod("varHandle").invoke(layout(layout));
      Method bind = // public since JDK 22
          MethodHandles.class.getMethod(
              "insertCoordinates", VarHandle.class, int.class, Object[].class);
      Object bound = bind.invoke(null, handle, 0, new Object[] {EVERYTHING});
      return ((VarHandle) bound).withInvokeExactBehavior();
    } catch (ReflectiveOperationException e) {
      throw unusable(e);
    }
  }

  /** Returns (from, to, length) to void. */
  static MethodHandle copy() {
    MethodHandle copy =
        function("copy", void.class, SEGMENT, long.class, SEGMENT, long.class, long.class);
    return bindSegment(bindSegment(copy, 2), 0);
  }

  /** Returns (array, index, layout, to, size) to void. */
  static MethodHandle copyIn() {
    MethodHandle copy =
        function(
            "copy", void.class, Object.class, int.class, SEGMENT, LAYOUT, long.class, int.class);
    MethodHandle bound = bindSegment(copy, 2);
    return bound.asType(bound.type().changeParameterType(2, Object.class));
  }

  /** Returns (layout, from, array, index, size) to void. */
  static MethodHandle copyOut() {
    MethodHandle copy =
        function(
            "copy", void.class, SEGMENT, LAYOUT, long.class, Object.class, int.class, int.class);
    MethodHandle bound = bindSegment(copy, 0);
    return bound.asType(bound.type().changeParameterType(0, Object.class));
  }

  /** Returns (address, length, value) to void. */
  static MethodHandle fill() {
    MethodHandle slice = bindSegment(method("asSlice", SEGMENT, long.class, long.class), 0);
    MethodHandle fill =
        MethodHandles.collectArguments(method("fill", SEGMENT, byte.class), 0, slice);
    return fill.asType(fill.type().changeReturnType(void.class));
  }

  private static MethodHandle bindSegment(MethodHandle handle, int parameter) {
    return MethodHandles.insertArguments(handle, parameter, EVERYTHING);
  }

  private static MethodHandle function(String name, Class<?> result, Class<?>... parameters) {
    try {
      return MethodHandles.publicLookup().findStatic(SEGMENT, name, methodType(result, parameters));
    } catch (ReflectiveOperationException e) {
      throw unusable(e);
    }
  }

  private static MethodHandle method(String name, Class<?> result, Class<?>... parameters) {
    try {
      return MethodHandles.publicLookup()
          .findVirtual(SEGMENT, name, methodType(result, parameters));
    } catch (ReflectiveOperationException e) {
      throw unusable(e);
    }
  }

  /** An error of the JVM that a reflective call has met stays what it is. */
  private static UnsupportedPlatformException unusable(ReflectiveOperationException e) {
    if (e.getCause() instanceof Error error) {
      throw error;
    }
    return because(
        e,
        "java.lang.foreign of JDK "
            + Runtime.version()
            + " is not the one expected (JDK 22 or later): "
            + e
            + "; try -D"
            + MemoryChoice.PROPERTY
            + "=unsafe");
  }

  private static UnsupportedPlatformException because(Throwable cause, String message) {
    UnsupportedPlatformException explained = new UnsupportedPlatformException(message);
    explained.initCause(cause);
    return explained;
  }
}
