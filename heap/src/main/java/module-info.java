/**
 * Resizable heaps at fixed addresses, shared by any number of processes.
 *
 * <p>jnr-ffi and its parts are automatic modules. With them on the module path, a program runs as a
 * module like any other, but {@code jlink} cannot link them into an image of its own. On JDK 24 and
 * later, native access is allowed with {@code
 * --enable-native-access=dev.rszshm.heap,org.jnrproject.jffi}.
 */
module dev.rszshm.heap {
  requires org.jnrproject.ffi;
  requires org.jnrproject.jffi;
  requires jdk.unsupported;
  requires static org.jspecify;
  requires static java.management; // used where it is there
  requires static jdk.jfr; // likewise

  // What jnr-ffi needs and, as an automatic module, does not say.
  requires java.logging;
  requires org.objectweb.asm;
  requires org.objectweb.asm.commons;
  requires org.objectweb.asm.util;

  exports dev.rszshm.heap;
  exports dev.rszshm.heap.errors;
  exports dev.rszshm.heap.spi;
  exports dev.rszshm.heap.view;
  exports dev.rszshm.heap.watch;
  exports dev.rszshm.heap.internal.os to
      dev.rszshm.allocator,
      dev.rszshm.structures;
  exports dev.rszshm.heap.internal.place to
      dev.rszshm.allocator,
      dev.rszshm.structures,
      dev.rszshm.sync;
  exports dev.rszshm.heap.internal.shrink to
      dev.rszshm.allocator;
  exports dev.rszshm.heap.internal.raw to
      dev.rszshm.allocator,
      dev.rszshm.structures;
  exports dev.rszshm.heap.internal.watch to
      dev.rszshm.allocator,
      dev.rszshm.sync;

  // jnr-ffi makes a class at run time that implements an interface of this package.
  opens dev.rszshm.heap.internal.os;
}
