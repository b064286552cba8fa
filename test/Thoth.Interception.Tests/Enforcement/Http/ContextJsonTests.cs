using System.Text;
using Thoth.Interception.Enforcement.Http;

namespace Thoth.Interception.Tests.Enforcement.Http;

public class ContextJsonTests
{
    private static readonly TaskContext[] s_saying = [new() { InitiatedBy = "user-1" }, new() { TaskId = "task-1" }, new() { Chain = ["agent-0"] }];
    private static readonly TaskContext[] s_blank = [new(), new() { InitiatedBy = " " }, new() { TaskId = "\t" }, new() { InitiatedBy = "", Chain = [] }];

    [TestCaseSource(nameof(s_saying))]
    public void TaskContext_WithOneMember_IsThatMember(TaskContext task)
    {
        var expected = task.Chain is { Count: > 0 } ? "\"chain\":[\"agent-0\"]"
            : task.TaskId is not null ? "\"task_id\":\"task-1\"" : "\"initiated_by\":\"user-1\"";

        Assert.That(Written(task), Does.Contain($"\"task_context\":{{{expected}}}"));
    }

    [TestCaseSource(nameof(s_blank))]
    public void TaskContext_ThatSaysNothing_IsOmitted(TaskContext task) => Assert.That(Written(task), Does.Not.Contain("task_context"));

    private static string Written(TaskContext task) => Encoding.UTF8.GetString(ContextJson.Of(
        new() { TenantId = "t", AgentId = "a", SessionId = "s", EnforcementTraceId = "s", TaskContext = task }));
}
