/* SPDX-License-Identifier: MIT */
/*
 * attr.h: the function and type attributes we use, under one name each.
 *
 * Frama-C reads neither C23 attributes nor all of GNU's; for it, and for no
 * compiler, every name here is empty.  cppcheck reads only what never returns.
 */
#ifndef HM_BASE_ATTR_H
#define HM_BASE_ATTR_H

#ifdef __FRAMAC__
#define HM_NODISCARD
#define HM_NORETURN
#define HM_PRINTF(fmt, args)
#define HM_ALLOC(...)
#elif defined(__CPPCHECK__)
#define HM_NODISCARD
#define HM_NORETURN __attribute__((noreturn))
#define HM_PRINTF(fmt, args)
#define HM_ALLOC(...)
#else
#define HM_NODISCARD         [[nodiscard]]
#define HM_NORETURN          __attribute__((noreturn))
#define HM_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define HM_ALLOC(...)        __attribute__((malloc, returns_nonnull, alloc_size(__VA_ARGS__)))
#endif

#endif
