using Thoth.Interception.Arguments;

namespace Thoth.Interception.Tests.Arguments;

public class ArgumentBufferTests
{
    [TestCase(64 * 1024, true)]
    [TestCase((64 * 1024) + 1, false)]
    public void Return_OfUpTo64KiB_KeepsTheMemoryForTheThreadsNextCall(int bytes, bool kept)
    {
        ArgumentBuffer.Rent();
        var fresh = ArgumentBuffer.Rent();
        fresh.GetMemory(bytes);

        fresh.Return();

        Assert.That(ArgumentBuffer.Rent(), kept ? Is.SameAs(fresh) : Is.Not.SameAs(fresh));
    }

    [Test]
    public void Serialize_AndAllThatFollowsIt_GivesTheBufferBack()
    {
        var parameters = new ToolParameters(
            ((Action<List<int>, object>)(static (ids, [Sensitive] key) => { })).Method.GetParameters(), ArgumentJson.Default);
        object?[] values = [new List<int> { 1 }, "secret"];
        var buffer = ArgumentBuffer.Rent();
        buffer.Return();

        var approved = parameters.Serialize(values);
        Given("Serialize");
        parameters.AreUnchanged(values, approved);
        Given("StillAre");
        parameters.Mask(approved);
        Given("Mask");
        parameters.Copy(values, approved);
        Given("Copy");
        values[1] = IntPtr.Zero;
        Assert.That(() => parameters.Serialize(values), Throws.InstanceOf<ArgumentNotSerializableException>());
        Given("Serialize that failed");

        void Given(string by)
        {
            Assert.That(ArgumentBuffer.Rent(), Is.SameAs(buffer), by);
            buffer.Return();
        }
    }
}
