import {
  AimOutlined,
  ColumnWidthOutlined,
  CompassOutlined,
  MinusOutlined,
  PlusOutlined,
} from '@ant-design/icons';
import { Button, Tooltip } from 'antd';
import type { Map as MapLibreMap } from 'maplibre-gl';
import { type ReactNode, useEffect, useState } from 'react';
import { useWords } from '../i18n/language.ts';
import { wishCamera } from '../state/selection.ts';
import type { Insets } from './camera.ts';
import { LayerPanel } from './layer-panel.tsx';
import { measured } from './measure.ts';

export function MapControls({ map, narrow, insets }: { map: MapLibreMap; narrow: boolean; insets: Insets }) {
  const { words } = useWords();
  const [turned, setTurned] = useState(false);
  useEffect(() => {
    const onTurn = () => setTurned(Math.abs(map.getBearing()) > 0.5);
    map.on('rotate', onTurn);
    return () => {
      map.off('rotate', onTurn);
    };
  }, [map]);
  const place = narrow ? { top: 12, right: 12 } : { bottom: 28, right: insets.right > 100 ? 408 : 16 };
  return (
    <div className="map-controls" style={place}>
      <LayerPanel />
      <Control
        label={words.map.fitAll}
        icon={<AimOutlined />}
        onClick={() => wishCamera({ kind: 'fitAll' })}
      />
      <Control
        label={words.fleet.measure.start}
        icon={<ColumnWidthOutlined />}
        onClick={() => {
          measured.set([]);
          map.getCanvas().focus();
        }}
      />
      {turned && (
        <Control label={words.map.north} icon={<CompassOutlined />} onClick={() => map.resetNorth()} />
      )}
      {!narrow && (
        <div className="map-zoom">
          <Control label={words.map.zoomIn} icon={<PlusOutlined />} onClick={() => map.zoomIn()} />
          <Control label={words.map.zoomOut} icon={<MinusOutlined />} onClick={() => map.zoomOut()} />
        </div>
      )}
    </div>
  );
}

function Control({ label, icon, onClick }: { label: string; icon: ReactNode; onClick: () => void }) {
  return (
    <Tooltip title={label} placement="left">
      <Button className="map-control" icon={icon} aria-label={label} onClick={onClick} />
    </Tooltip>
  );
}
