/** Worker processes of a command: starts them, tells them what to do, notices their death. */
@NullMarked
package dev.rszshm.cli.worker;

import org.jspecify.annotations.NullMarked;
