// The parts of TurboJPEG and libpng that we call, in our own words. Both are looked for when
// photographs are packed, so that a build needs neither, and a training no decoder at all.
//
// Source: libjpeg-turbo 2.1 (turbojpeg.h, whose functions stay in 3.x), libpng 1.6 (png.h, the
// simplified API, whose structure has a version of its own).
#pragma once
#include <stddef.h>
#include <stdint.h>

// Functions return 0, or -1 with words from tjGetErrorStr2.
typedef void *(*TJ_InitDecompress)(void);
typedef int (*TJ_DecompressHeader3)(void *decoder, const uint8_t *file, unsigned long bytes, int *width,
                                    int *height, int *subsampling, int *colorspace);
typedef int (*TJ_Decompress2)(void *decoder, const uint8_t *file, unsigned long bytes, uint8_t *pixels,
                              int width, int pitch, int height, int pixel_format, int flags);
typedef const char *(*TJ_GetErrorStr2)(void *decoder);
typedef int (*TJ_GetErrorCode)(void *decoder);
typedef int (*TJ_Destroy)(void *decoder);

enum {
  TJ_RGB = 0,
  TJ_CMYK = 11,
  // What a file's own colours are.
  TJ_Colorspace_CMYK = 3,
  TJ_Colorspace_YCCK = 4,
  // Refuses a progressive file with more than 500 scans, which take minutes.
  TJ_LimitScans = 32768,
  // An error code: the pixels are there, and something about them is odd.
  TJ_Warning = 0,
};

typedef struct {
  void *decoder;
  uint32_t version;
  uint32_t width, height;
  uint32_t format;
  uint32_t flags;
  uint32_t colormap_entries;
  // 1 for a warning, 2 for an error; then the message.
  uint32_t warning_or_error;
  char message[64];
} PNG_Image;

// Functions return 0 for a failure, and then have freed what `image` holds.
typedef int (*PNG_BeginReadFromMemory)(PNG_Image *image, const void *file, size_t bytes);
typedef int (*PNG_FinishRead)(PNG_Image *image, const void *background, void *pixels,
                              int32_t bytes_in_row, void *colormap);
typedef void (*PNG_Free)(PNG_Image *image);

enum {
  PNG_Version = 1,
  // Four bytes for each pixel: red, green, blue, opacity.
  PNG_RGBA = 3,
  // A flag: 16 bits are what 8 bits are, and not proportional to light.
  PNG_16BitsAs8 = 4,
};
