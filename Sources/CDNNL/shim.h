// oneDNN's C API, version 3.2 or newer. Swift imports all that we use of it directly, except the
// macros with casts or parameters, which are not needed: memory without a buffer is made with
// NULL (DNNL_MEMORY_NONE) and given its buffer by dnnl_memory_set_data_handle.
#include <oneapi/dnnl/dnnl.h>

// The switches of glibc's allocator, which Swift's own module leaves out.
#if defined(__GLIBC__)
#include <malloc.h>
#endif

#if DNNL_VERSION_MAJOR != 3 || DNNL_VERSION_MINOR < 2
#error "oneDNN 3.2 or newer is needed: 'make setup' and then '. Scripts/environment' bring it"
#endif
