/* A module that its own kernel thread holds until it is told to end: echo 1 > /sys/module/testmod_thread/parameters/end */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static bool end;
module_param(end, bool, 0644);

static int work(void *unused)
{
	while (!READ_ONCE(end))
		msleep(20);
	module_put_and_kthread_exit(0);
	return 0;
}

static int __init testmod_thread_init(void)
{
	struct task_struct *thread;

	__module_get(THIS_MODULE);
	thread = kthread_run(work, NULL, "my kthread/%d", 7);
	if (IS_ERR(thread)) {
		module_put(THIS_MODULE);
		return PTR_ERR(thread);
	}
	return 0;
}

static void __exit testmod_thread_exit(void)
{
}

module_init(testmod_thread_init);
module_exit(testmod_thread_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A module that its thread holds");
