/** The protocols and layouts below the locks: for the modules of this project. */
@NullMarked
package dev.rszshm.sync.internal;

import org.jspecify.annotations.NullMarked;
