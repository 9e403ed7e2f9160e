/** What all handles of a process for a structure have in common. */
@NullMarked
package dev.rszshm.structures.internal.process;

import org.jspecify.annotations.NullMarked;
