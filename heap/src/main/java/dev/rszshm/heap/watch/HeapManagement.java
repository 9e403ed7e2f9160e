package dev.rszshm.heap.watch;

import dev.rszshm.heap.Heap;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/**
 * The registration of a heap with JMX, on request.
 *
 * <pre>{@code
 * HeapManagement.register(heap);   // until the heap is closed
 * }</pre>
 *
 * <p>The bean is a {@link HeapMXBean} with the name {@code dev.rszshm:type=Heap,name="PATH"}. It is
 * unregistered when the heap is closed, shortly after that. A heap that is registered does not
 * become garbage. It needs the module {@code java.management}.
 */
public final class HeapManagement implements AutoCloseable {
  private final MBeanServer server;
  private final ObjectName name;
  private final Heap heap;
  private final HeapFigures figures;

  private HeapManagement(MBeanServer server, ObjectName name, Heap heap) {
    this.server = server;
    this.name = name;
    this.heap = heap;
    this.figures = new HeapFigures(heap, this::unregister);
  }

  /**
   * Registers a heap with the MBean server of the platform.
   *
   * @throws IllegalStateException if the heap is closed, or one of the same path is registered
   */
  public static HeapManagement register(Heap heap) {
    return register(heap, ManagementFactory.getPlatformMBeanServer());
  }

  /** Registers a heap with an MBean server; otherwise as {@link #register(Heap)}. */
  public static HeapManagement register(Heap heap, MBeanServer server) {
    HeapManagement management = new HeapManagement(server, nameOf(heap.path()), heap);
    management.register();
    return management;
  }

  private void register() {
    boolean listening = false;
    try {
      server.registerMBean(figures, name);
      heap.addListener(figures);
      listening = true;
    } catch (InstanceAlreadyExistsException e) {
      listening = true; // that of the other one
      throw new IllegalStateException(
          name + " is registered already: close the other registration first", e);
    } catch (JMException e) {
      throw new IllegalStateException(name + " cannot be registered: " + e.getMessage(), e);
    } finally {
      if (!listening) {
        unregister();
      }
    }
  }

  /** Returns the name under which a heap of a path is registered. */
  public static ObjectName nameOf(Path path) {
    try {
      return new ObjectName(
          "dev.rszshm:type=Heap,name=" + ObjectName.quote(path.toAbsolutePath().toString()));
    } catch (MalformedObjectNameException e) {
      throw new IllegalArgumentException(path + " cannot be part of an object name", e);
    }
  }

  /** Returns the name of the bean. */
  public ObjectName name() {
    return name;
  }

  /** Unregisters the bean. Has no effect if that has happened. */
  @Override
  public void close() {
    heap.removeListener(figures);
    unregister();
  }

  private void unregister() {
    try {
      server.unregisterMBean(name);
    } catch (InstanceNotFoundException e) {
      // Somebody was faster.
    } catch (JMException e) {
      throw new IllegalStateException(name + " cannot be unregistered: " + e.getMessage(), e);
    }
  }
}
