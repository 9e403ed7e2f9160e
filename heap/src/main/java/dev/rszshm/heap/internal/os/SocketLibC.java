package dev.rszshm.heap.internal.os;

import jnr.ffi.Pointer;
import jnr.ffi.annotations.Variadic;

/**
 * What passes descriptors on in the C library, as jnr-ffi binds it. Apart from {@link LibC}, so
 * that who passes none does not load it.
 *
 * <p>Public only because jnr-ffi implements it from another class loader.
 */
public interface SocketLibC {
  @Variadic(fixedCount = 2)
  int fcntl(int descriptor, int command, Pointer argument);

  long sendmsg(int socket, Pointer message, int flags);

  long recvmsg(int socket, Pointer message, int flags);

  int poll(Pointer descriptors, long count, int millis);

  int getsockopt(int socket, int level, int option, Pointer value, Pointer length);
}
