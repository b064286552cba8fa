using Thoth.Interception.Arguments;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Tests.Arguments;

public class ArgumentMemoryTests
{
    [TestCase(64 * 1024, true)]
    [TestCase((64 * 1024) + 1, false)]
    public void Dispose_OfUpTo64KiB_KeepsTheMemoryForTheThreadsNextCall(int bytes, bool kept)
    {
        PooledJsonWriter.Rent();
        var fresh = PooledJsonWriter.Rent();
        fresh.GetMemory(bytes);

        fresh.Dispose();

        Assert.That(PooledJsonWriter.Rent(), kept ? Is.SameAs(fresh) : Is.Not.SameAs(fresh));
    }

    [Test]
    public void Serialize_AndAllThatFollowsIt_GivesTheBufferBack()
    {
        var parameters = new ToolParameters(
            ((Action<List<int>, object>)(static (ids, [Sensitive] key) => { })).Method.GetParameters(), ArgumentJson.Default);
        object?[] values = [new List<int> { 1 }, "secret"];
        var buffer = PooledJsonWriter.Rent();
        buffer.Dispose();

        var approved = parameters.Serialize(values);
        Given("Serialize");
        parameters.AreUnchanged(values, approved);
        Given("AreUnchanged");
        parameters.Mask(approved);
        Given("Mask");
        parameters.DescribeChange([new List<int> { 2 }, "secret"], approved);
        Given("DescribeChange");
        values[1] = IntPtr.Zero;
        Assert.That(() => parameters.Serialize(values), Throws.InstanceOf<ArgumentNotSerializableException>());
        Given("Serialize that failed");

        void Given(string by)
        {
            Assert.That(PooledJsonWriter.Rent(), Is.SameAs(buffer), by);
            buffer.Dispose();
        }
    }
}
