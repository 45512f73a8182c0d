/* A module that holds testmod by symbol_get: "Used by" stays empty. */
#include <linux/module.h>

extern int testmod_answer(void);

static int (*answer)(void);

static int __init testmod_symget_init(void)
{
	answer = symbol_get(testmod_answer);
	return answer ? 0 : -ENOENT;
}

static void __exit testmod_symget_exit(void)
{
	symbol_put(testmod_answer);
}

module_init(testmod_symget_init);
module_exit(testmod_symget_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A module that uses another in secret");
