package dev.rszshm.testkit.faults;

/**
 * What {@link ThrowAnywhere} throws unless told otherwise: an error as the JVM itself throws it.
 */
public final class InjectedError extends VirtualMachineError {
  private static final long serialVersionUID = 1;

  InjectedError() {
    super("thrown by the test");
  }
}
