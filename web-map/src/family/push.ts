import { familyApi } from './family-api.ts';

/** Has this browser told of notices; what came of it. */
export async function subscribeToPush(): Promise<'on' | 'denied' | 'missing'> {
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window))
    return 'missing';
  const key = await familyApi.pushKey();
  if (!key.ok || key.value.publicKey === null) return 'missing';
  if ((await Notification.requestPermission()) !== 'granted') return 'denied';
  try {
    const worker = await navigator.serviceWorker.ready;
    const subscription = await worker.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: key.value.publicKey,
    });
    const answer = await familyApi.addPush(subscription.toJSON());
    return answer.ok ? 'on' : 'missing';
  } catch (error) {
    console.warn(error);
    return 'missing';
  }
}
